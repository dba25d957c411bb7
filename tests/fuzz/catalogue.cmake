teesheet_fuzz(catalogue LINK ts_catalogue ts_engine ts_domain)
