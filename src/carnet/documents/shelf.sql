-- name: list
select * from record.shelf_list({permit}, %s, %s, %s, %s, %s, %s)

-- name: newest
select * from record.shelf_newest({permit}, %s, %s, %s)

-- name: place
select * from record.shelf_place({permit}, %s)

-- name: document
select d.labels, d.depositor_id from record.documents_document d where d.record_id = %(record_id)s and d.id = %(id)s

-- name: place_of
select s.pinned, s.tags::text[] as tags
  from record.documents_shelf s
 where s.record_id = %(record_id)s and s.document_id = %(id)s

-- name: put
insert into record.documents_shelf as s (record_id, document_id, pinned, folder_id, tags, not_mine)
values (%(record_id)s, %(id)s, coalesce(%(pinned)s, false), %(folder_id)s, coalesce(%(tags)s::text[], '{}'),
        coalesce(%(not_mine)s, false))
    on conflict (record_id, document_id) do update
   set pinned = coalesce(%(pinned)s, s.pinned),
       folder_id = case when %(filed)s then %(folder_id)s else s.folder_id end,
       tags = coalesce(%(tags)s::text[], s.tags),
       not_mine = coalesce(%(not_mine)s, s.not_mine)

-- name: folders
-- Those that this reader may know: their own, and those that hold something they may see.
select f.id, f.name
  from record.documents_folder f
 where f.record_id = %(record_id)s and f.removed_at is null
   and (f.made_by = %(actor_id)s
        or exists (select from record.documents_shelf s
                     join record.documents_document d on d.record_id = s.record_id and d.id = s.document_id
                    where s.record_id = f.record_id and s.folder_id = f.id))

-- name: add_folder
insert into record.documents_folder (record_id, id, name, made_by, made_at)
values (%(record_id)s, %(id)s, %(name)s, %(actor_id)s, now())

-- name: rename_folder
update record.documents_folder set name = %(name)s where record_id = %(record_id)s and id = %(id)s

-- name: remove_folder
update record.documents_folder set removed_at = now() where record_id = %(record_id)s and id = %(id)s

-- name: empty_folder
update record.documents_shelf set folder_id = null where record_id = %(record_id)s and folder_id = %(id)s

-- name: report
insert into record.documents_report (record_id, id, document_id, reporter_id, words, at)
values (%(record_id)s, %(report_id)s, %(id)s, %(actor_id)s, %(words)s, now())

-- name: open_case
insert into app.documents_case (id, record_id, document_id, depositor_id, at)
values (%(report_id)s, %(record_id)s, %(id)s, %(depositor_id)s, now())
    on conflict (document_id) where closed_at is null do nothing

-- name: close_cases
update app.documents_case set closed_at = now() where document_id = any(%(ids)s) and closed_at is null

-- name: cases
select c.id, c.record_id, c.document_id, c.depositor_id, c.at
  from app.documents_case c
 where c.closed_at is null and (%(about)s::uuid is null or c.document_id = %(about)s)
   and (%(after)s::uuid is null or (c.at, c.id) > (select o.at, o.id from app.documents_case o where o.id = %(after)s))
 order by c.at, c.id
 limit %(limit)s

-- name: how_many_cases
select count(*) as open from app.documents_case where closed_at is null

-- name: case
select c.id, c.record_id, c.document_id, c.depositor_id, c.at
  from app.documents_case c
 where c.id = %(id)s and c.closed_at is null
