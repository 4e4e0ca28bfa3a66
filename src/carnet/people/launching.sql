-- name: look
select l.asker_id, a.active as asker_holds, c.opens_sessions as asker_opens, l.app_id, l.actor_id, l.organisation_id,
       l.purpose, l.regulates, l.context, l.proof::text as proof, l.used_at is not null as used, l.expires_at > now() as fresh
  from app.people_launch l
  join app.kernel_actor a on a.id = l.asker_id
  join app.people_client c on c.actor_id = l.asker_id
 where l.digest = %(digest)s

-- name: spend
update app.people_launch set used_at = now()
 where digest = %(digest)s and used_at is null and expires_at > now()
returning digest

-- name: purge
delete from app.people_launch where expires_at < %(before)s returning digest
