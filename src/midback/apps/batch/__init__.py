"""A folder of recordings, each scored in a process that may die, hang or grow without harm.

`finding` and `rules` say what is to be scored as what; a `Job` is one recording and what to do
with it; `score_job` does it and returns a `Done`, one line of the summary; a `Child` does that in
a process of its own, a `Pool` in several. `results` is the folder that everything goes to.
"""
