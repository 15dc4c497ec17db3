"""The producer's accounts: net cost, allocation, stocks, interest, assists and unit prices."""
