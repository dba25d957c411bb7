teesheet_fuzz(engine_cps LINK ts_engine ts_domain)
