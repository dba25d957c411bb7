teesheet_test(test_progress integration SOURCES test_progress.c LINK ts_view)

# To look at the bar by eye.
add_executable(progress_demo EXCLUDE_FROM_ALL ../support/progress_demo.c)
target_link_libraries(progress_demo PRIVATE ts_view)
