-- Lines of a file of services while it is taken in. Unlogged: what a crash loses is read again from the file.
create unlogged table app.people_service_line (
    file text not null,
    line int not null,
    state text not null,
    structure text not null,
    service text not null,
    name text not null,
    who text not null,
    role text not null
);
grant truncate on app.people_service_line to carnet_writer;
revoke all on app.people_service_line from carnet_reader;
