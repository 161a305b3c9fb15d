"""What every measure shares: accounts, audit, jobs, ledger, screening, review, release and the shell around them."""
