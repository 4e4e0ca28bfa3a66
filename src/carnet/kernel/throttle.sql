-- name: wait
select ceil(extract(epoch from until - clock_timestamp()))::int as seconds
  from app.kernel_throttle
 where digest = %(digest)s and count >= %(most)s and until > clock_timestamp()

-- name: failed
-- One statement: failures of the same one wait for each other, and none is lost.
insert into app.kernel_throttle as t (digest, count, until) values (%(digest)s, 1, clock_timestamp() + %(window)s)
    on conflict (digest) do update
       set count = case when t.until > clock_timestamp() then t.count + 1 else 1 end,
           until = case when t.until > clock_timestamp() then t.until else excluded.until end
returning count

-- name: purge
delete from app.kernel_throttle where until < clock_timestamp()
