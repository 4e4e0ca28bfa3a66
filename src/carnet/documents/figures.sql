-- name: own
select f.month, f.what, f.times, f.records from trail.own_figures(%(since)s) f
