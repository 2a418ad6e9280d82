"""Who may do what: accounts, audit, teams, and the shop itself."""
