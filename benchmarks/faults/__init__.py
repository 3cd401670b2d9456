"""`make faults`: everything that may go wrong, done to the real thing, with one table at the end (docs/quality.md).

Real web servers, workers, dispatchers and beats run in processes of their own; PostgreSQL and Redis are started here in
a folder of their own, so that they may be killed; the mail server speaks SMTP over a socket.
"""
