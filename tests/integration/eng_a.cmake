# engines against recorded replies
add_library(ts_recorded STATIC recorded.c)
target_compile_definitions(ts_recorded PRIVATE TS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_link_libraries(ts_recorded PUBLIC ts_conform)
teesheet_test(test_recordings_foreup integration SOURCES test_recordings_foreup.c LINK ts_recorded)
teesheet_test(test_recordings_membersports integration SOURCES test_recordings_membersports.c LINK ts_recorded)
