-- Lines of an extract while it is taken in. Unlogged: what a crash loses is read again from the file.
create unlogged table app.people_extract_line (
    line int not null,
    state text not null,
    who text not null,
    family text,
    given text,
    title text,
    profession_system text,
    profession text,
    speciality text,
    capacity text,
    structure text,
    place text,
    role text
);
create unlogged table app.people_extract_who (
    who text not null,
    actor_id uuid not null,
    fresh boolean not null,
    changed boolean not null,
    leaves boolean not null,
    returns boolean not null default false,
    name text,
    family text,
    given text,
    profession_system text,
    profession text,
    speciality text,
    capacity text,
    organisation_id uuid
);
grant truncate on app.people_extract_line, app.people_extract_who to carnet_writer;
revoke all on app.people_extract_line, app.people_extract_who from carnet_reader;

-- Words of names, by their beginnings: the directory that people search holds a million of them.
create index people_professional_words on app.people_professional
    using gin (to_tsvector('simple', family || ' ' || given));
create index people_organisation_words on app.people_organisation using gin (to_tsvector('simple', name));
