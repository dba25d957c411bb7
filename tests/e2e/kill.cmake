# What force, signals and other sweeps do to one.
e2e_test(kill sqlite postgres)
