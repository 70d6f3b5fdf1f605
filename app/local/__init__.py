"""One command on a bare machine: embedded servers, and one supervisor for everything Linli runs.

    servers.servers(var)     PostgreSQL and Valkey, embedded or given, ready to use
    supervisor.run(...)      migrate, load the demo, then web, worker and sweeper until stopped

`python -m app.local run` is what `make run` calls.
"""
