# the engines against recorded replies
teesheet_test(test_recordings integration SOURCES test_recordings.c LINK ts_recorded)
