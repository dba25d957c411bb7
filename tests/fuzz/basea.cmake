teesheet_fuzz(json LINK ts_base)
teesheet_fuzz(csv LINK ts_base)
