# The simulator checks itself before others are checked against it.
teesheet_test(test_sim integration SOURCES test_sim.c LINK ts_sim_model PkgConfig::JANSSON)
