teesheet_fuzz(engine_chronogolf LINK ts_engine ts_domain)
