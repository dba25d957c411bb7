foreach(engine foreup golfback membersports teesnap)
  teesheet_test(test_sim_${engine} integration SOURCES test_sim_${engine}.c sim_asker.c LINK ts_sim_model PkgConfig::JANSSON)
endforeach()
