# Recordings, their replay, and contract drift.
e2e_test(record sqlite postgres)
