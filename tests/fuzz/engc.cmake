teesheet_fuzz(engine_cps LINK ts_engine ts_domain)
teesheet_fuzz(engine_quick18 LINK ts_engine ts_domain)
