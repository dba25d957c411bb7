# What a user types.
teesheet_fuzz(options LINK ts_cmd ts_plan)
