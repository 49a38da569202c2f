"""A batch on many machines, by Dask: `midback score FOLDER --cluster ADDRESS`.

`client` is the pool whose processes are elsewhere, `check` says before the run what is wrong with
them. `task` is what a worker does with one job: a local pool of one process, so that nothing in a
file ends the worker. A `Claim` on the shared storage keeps two workers from one recording, also
where Dask's scheduler was restarted and knows nothing of it.
"""
