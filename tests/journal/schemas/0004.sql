BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE clip (
	id VARCHAR(32) NOT NULL, 
	person_id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	size BIGINT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	added_at DATETIME NOT NULL, 
	CONSTRAINT pk_clip PRIMARY KEY (id), 
	CONSTRAINT fk_clip_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 
	CONSTRAINT uq_clip_person_id_sha256 UNIQUE (person_id, sha256)
);
INSERT INTO "clip" VALUES('b10ecfca4a31acd0e4be3cba4fd12b86',1,'run.mp4',4,'d0607f7ad2628b2af9158dfba06ce87166e66b15bf68f8f358f9aa27ccb7c321','2026-11-27 20:41:53.000000');
CREATE TABLE entry (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	at DATETIME NOT NULL, 
	utc_offset_s INTEGER NOT NULL, 
	local_date DATE NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	what VARCHAR(200) NOT NULL, 
	moment VARCHAR(20) NOT NULL, 
	score DOUBLE, 
	answers JSON NOT NULL, 
	note VARCHAR NOT NULL, 
	CONSTRAINT pk_entry PRIMARY KEY (id), 
	CONSTRAINT fk_entry_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 
	CONSTRAINT uq_entry_person_id_number_revision UNIQUE (person_id, number, revision)
);
INSERT INTO "entry" VALUES(1,1,1,1,'pain','2026-05-03 07:30:00.000000',0,'2026-05-03','2026-11-25 02:39:24.000000','knee','during',3.0,'{}','a note');
INSERT INTO "entry" VALUES(2,1,1,2,'pain','2026-05-03 07:30:00.000000',0,'2026-05-03','2026-11-25 02:39:24.000000','knee','during',2.0,'{}','');
INSERT INTO "entry" VALUES(3,1,2,1,'form','2026-05-03 07:30:00.000000',0,'2026-05-03','2026-11-25 02:39:24.000000','ostrc','',32.0,'{"1": 1, "2": 1, "3": 1, "4": 1}','');
CREATE TABLE estimate (
	id INTEGER NOT NULL, 
	film_id INTEGER NOT NULL, 
	metric VARCHAR(60) NOT NULL, 
	side VARCHAR(10) NOT NULL, 
	value DOUBLE NOT NULL, 
	unit VARCHAR(40) NOT NULL, 
	low DOUBLE NOT NULL, 
	high DOUBLE NOT NULL, 
	n INTEGER NOT NULL, 
	quality VARCHAR(10) NOT NULL, 
	method VARCHAR NOT NULL, 
	flags JSON NOT NULL, 
	CONSTRAINT pk_estimate PRIMARY KEY (id), 
	CONSTRAINT fk_estimate_film_id FOREIGN KEY(film_id) REFERENCES film (id) ON DELETE CASCADE
);
CREATE TABLE file (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	name VARCHAR NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	kept BOOLEAN NOT NULL, 
	damage VARCHAR, 
	recorded_at DATETIME NOT NULL, 
	CONSTRAINT pk_file PRIMARY KEY (id), 
	CONSTRAINT fk_file_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 
	CONSTRAINT uq_file_person_id_sha256 UNIQUE (person_id, sha256)
);
INSERT INTO "file" VALUES(1,1,'f12353033dfd9700bd837fbe1d68dd94c6d809d3a61c2fb530dc125f6baf1dcc','a.fit','fit',1,NULL,'2026-11-25 02:39:24.000000');
INSERT INTO "file" VALUES(2,1,'4509e63cf3b09f0dae34b2ef9f04bf2c38c8695343d767834b5fc6da2382b9af','b.gpx','gpx',1,NULL,'2026-11-25 02:39:24.000000');
CREATE TABLE film (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	utc_offset_s INTEGER NOT NULL, 
	local_date DATE NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	"view" VARCHAR(20) NOT NULL, 
	gait VARCHAR(20) NOT NULL, 
	speed_mps DOUBLE, 
	motion VARCHAR(64) NOT NULL, job_id VARCHAR(32) CONSTRAINT fk_film_job_id REFERENCES job (id) ON DELETE CASCADE, 
	CONSTRAINT pk_film PRIMARY KEY (id), 
	CONSTRAINT fk_film_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
CREATE TABLE job (
	id VARCHAR(32) NOT NULL, 
	person_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	clips JSON NOT NULL, 
	asked JSON NOT NULL, 
	made_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	tries INTEGER NOT NULL, 
	worker VARCHAR(32) NOT NULL, 
	beat_at DATETIME, 
	doing VARCHAR(200) NOT NULL, 
	progress DOUBLE NOT NULL, 
	result JSON NOT NULL, 
	failure JSON NOT NULL, 
	CONSTRAINT pk_job PRIMARY KEY (id), 
	CONSTRAINT fk_job_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
INSERT INTO "job" VALUES('569dee01c178e4cbbbdc6b92aa4c51ee',1,'check','waiting','["b10ecfca4a31acd0e4be3cba4fd12b86"]','{}','2026-11-27 20:41:53.775793',NULL,0,'',NULL,'',0.0,'{}','{}');
CREATE TABLE person (
	id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT uq_person_name UNIQUE (name)
);
INSERT INTO "person" VALUES(1,'me');
CREATE TABLE run (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	start DATETIME NOT NULL, 
	utc_offset_s INTEGER NOT NULL, 
	local_date DATE, 
	timer_s DOUBLE NOT NULL, 
	distance_m DOUBLE, 
	cadence_spm DOUBLE, 
	CONSTRAINT pk_run PRIMARY KEY (id), 
	CONSTRAINT fk_run_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
INSERT INTO "run" VALUES(1,1,'2026-05-03 07:30:00.000000',3600,'2026-05-03',700.0,2100.0,1.7005714285714284983e+02);
CREATE TABLE source (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	file_id INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	start DATETIME NOT NULL, 
	"end" DATETIME NOT NULL, 
	utc_offset_s INTEGER, 
	device VARCHAR NOT NULL, 
	timer_s DOUBLE NOT NULL, 
	distance_m DOUBLE, 
	cadence_spm DOUBLE, 
	records INTEGER NOT NULL, 
	flags JSON NOT NULL, 
	left_out JSON NOT NULL, 
	CONSTRAINT pk_source PRIMARY KEY (id), 
	CONSTRAINT fk_source_file_id FOREIGN KEY(file_id) REFERENCES file (id) ON DELETE CASCADE, 
	CONSTRAINT fk_source_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 
	CONSTRAINT fk_source_run_id FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE, 
	CONSTRAINT uq_source_file_id_part UNIQUE (file_id, part)
);
INSERT INTO "source" VALUES(1,1,1,1,0,'2026-05-03 07:30:00.000000','2026-05-03 07:41:39.000000',3600,'garmin fenix6_sport',700.0,2100.0,1.7005714285714284983e+02,700,'["cadence_resolution"]','{"warm-up": 360.0}');
INSERT INTO "source" VALUES(2,1,1,2,0,'2026-05-03 07:30:00.000000','2026-05-03 07:41:29.000000',NULL,'Watch',689.0,2.06700000909753089212e+03,170.0,690,'["speed_from_places", "cadence_resolution"]','{"warm-up": 360.0}');
CREATE TABLE stretch (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	speed_mps DOUBLE NOT NULL, 
	seconds DOUBLE NOT NULL, 
	sensor VARCHAR NOT NULL, 
	position VARCHAR(20) NOT NULL, 
	cadence_spm DOUBLE, 
	vertical_oscillation_cm DOUBLE, 
	contact_time_ms DOUBLE, 
	vertical_ratio_pct DOUBLE, 
	step_length_cm DOUBLE, 
	balance_left_pct DOUBLE, 
	CONSTRAINT pk_stretch PRIMARY KEY (id), 
	CONSTRAINT fk_stretch_source_id FOREIGN KEY(source_id) REFERENCES source (id) ON DELETE CASCADE
);
INSERT INTO "stretch" VALUES(1,1,3.0,340.0,'hrm4_run','chest',170.0,8.0,250.0,NULL,NULL,NULL);
INSERT INTO "stretch" VALUES(2,2,3.0,330.0,'Watch','wrist',170.0,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE trial (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	complaint VARCHAR(20) NOT NULL, 
	locked_at DATETIME NOT NULL, 
	utc_offset_s INTEGER NOT NULL, 
	"plan" JSON NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	ended_at DATETIME, 
	ending VARCHAR(20) NOT NULL, 
	why VARCHAR NOT NULL, 
	CONSTRAINT pk_trial PRIMARY KEY (id), 
	CONSTRAINT fk_trial_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 
	CONSTRAINT uq_trial_person_id_number UNIQUE (person_id, number)
);
INSERT INTO "trial" VALUES(1,1,1,'knee','2026-05-03 07:30:00.000000',7200,'{"change": "more-steps-5", "title": "A few more steps", "complaint": "knee", "pace": "slow", "outcome": "pain", "site": "knee", "unit": "points", "better": "lower", "important": 1.2, "start": "2026-05-04", "baseline_days": 14, "order": [true, false, true, true, false, false], "block": 7, "skip": 2, "pairs_per_run": 0, "warm_up_s": 0, "seed": 0, "promised": 0.8, "alpha": 0.05}','99723f6372faeca71954e450e5746c22b29140c047324c62308e0853c23db1de',NULL,'','');
CREATE TABLE trial_entry (
	id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	at DATETIME NOT NULL, 
	utc_offset_s INTEGER NOT NULL, 
	local_date DATE NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	block INTEGER, 
	value DOUBLE, 
	speed_mps DOUBLE, 
	data JSON NOT NULL, 
	note VARCHAR NOT NULL, 
	CONSTRAINT pk_trial_entry PRIMARY KEY (id), 
	CONSTRAINT fk_trial_entry_trial_id FOREIGN KEY(trial_id) REFERENCES trial (id) ON DELETE CASCADE, 
	CONSTRAINT uq_trial_entry_trial_id_number_revision UNIQUE (trial_id, number, revision)
);
INSERT INTO "trial_entry" VALUES(1,1,1,1,'missed','2026-05-03 07:30:00.000000',7200,'2026-05-03','2026-11-27 20:18:01.000000',0,NULL,NULL,'{}','a day off');
CREATE TABLE upload (
	id VARCHAR(32) NOT NULL, 
	person_id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	size BIGINT NOT NULL, 
	begun_at DATETIME NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_upload PRIMARY KEY (id), 
	CONSTRAINT fk_upload_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
INSERT INTO "upload" VALUES('b1b0000b80cd8a5b2cddc79555f510da',1,'front.mp4',9,'2026-11-27 20:41:53.000000','');
CREATE INDEX ix_entry_person_id_kind_at ON entry (person_id, kind, at);
CREATE INDEX ix_run_person_id_start ON run (person_id, start);
CREATE INDEX ix_source_person_id_start ON source (person_id, start);
CREATE INDEX ix_source_run_id ON source (run_id);
CREATE INDEX ix_stretch_source_id ON stretch (source_id);
CREATE INDEX ix_film_person_id_at ON film (person_id, at);
CREATE INDEX ix_estimate_film_id ON estimate (film_id);
CREATE INDEX ix_clip_sha256 ON clip (sha256);
CREATE INDEX ix_job_person_id_state ON job (person_id, state);
CREATE INDEX ix_film_job_id ON film (job_id);
COMMIT;
