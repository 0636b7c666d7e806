create table o(id bigint, cust varchar, total decimal(12,2), d date, flag boolean, n integer, f double, ts timestamp, tz timestamptz);
insert into o values (1,'a',10.5,'2020-01-01',true,1,1.5,'2020-01-01 10:00:00','2020-01-01 10:00:00+00'),(2,'b',20,'2020-02-01',false,null,'nan','2020-01-02 10:00:00',null),(3,null,null,null,null,3,'inf',null,'2021-01-01 10:00:00+00'),(4,'a',5.25,'2021-01-01',true,4,-0.0,'1990-01-02 10:00:00','1970-01-01 00:00:00+00'),(5,'C%_\''x"',-3,'1999-12-31',null,2,null,null,null),(5,'b',7,'2020-02-01',true,2,2,'2020-01-02 10:00:00',null);
create table e(id bigint, v double, k integer);
insert into e values (1,1.0,1),(1,2.0,null),(2,null,2),(4,7.5,4),(null,3.0,5),(9,9.0,null),(5,2.5,2);
create table nn(x integer);
insert into nn values (1),(null),(3);
create table empt(x integer);
create table st(s struct(a int, b varchar), l integer[], m map(varchar,int), b blob, u uuid, j json, arr int[2], en enum('p','q'), iv interval);
insert into st values ({'a':1,'b':'x'},[1,2,null],map{'k':1},'\xAA\x00a'::blob,'5d0c1e2e-0b5f-4a5a-9b1a-0a1b2c3d4e5f','{"a":[1,2]}',[1,2],'q',interval '1 month 2 days'),(null,null,null,null,null,null,null,null,null);
