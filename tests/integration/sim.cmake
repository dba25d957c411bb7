# The simulator checks itself before others are checked against it.
teesheet_test(test_sim integration SOURCES test_sim.c sim_collector.c LINK ts_sim_model PkgConfig::JANSSON)
teesheet_test(test_sim_server integration SOURCES test_sim_server.c sim_process.c LINK ts_base PkgConfig::JANSSON CURL::libcurl)
add_dependencies(test_sim_server teesheet-sim)
teesheet_test(test_sim_teeitup integration SOURCES test_sim_teeitup.c sim_tenant_harness.c LINK ts_sim_model PkgConfig::JANSSON)
teesheet_test(test_sim_cps integration SOURCES test_sim_cps.c sim_tenant_harness.c LINK ts_sim_model PkgConfig::JANSSON)
teesheet_test(test_sim_quick18 integration SOURCES test_sim_quick18.c sim_tenant_harness.c LINK ts_sim_model PkgConfig::JANSSON)
teesheet_test(test_sim_own_faults integration SOURCES test_sim_own_faults.c sim_process.c LINK ts_base CURL::libcurl)
add_dependencies(test_sim_own_faults teesheet-sim)
