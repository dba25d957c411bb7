teesheet_fuzz(engine_chronogolf LINK ts_engine ts_domain)
teesheet_fuzz(engine_teeitup LINK ts_engine ts_domain)
teesheet_fuzz(engine_teesnap LINK ts_engine ts_domain)
