-- What is made and tested is found by its words, as everything else is.
CREATE VIRTUAL TABLE flash_batch_search USING fts5 (name, content = 'flash_batch', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER flash_batch_search_insert AFTER INSERT ON flash_batch BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('flash_batch', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER flash_batch_search_delete AFTER DELETE ON flash_batch BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('flash_batch', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER flash_batch_search_update AFTER UPDATE OF name ON flash_batch WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('flash_batch', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
INSERT INTO search_queue (kind, row, was) SELECT 'flash_batch', row, NULL FROM flash_batch WHERE true ON CONFLICT DO NOTHING;

CREATE VIRTUAL TABLE test_plan_search USING fts5 (name, model, content = 'test_plan', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER test_plan_search_insert AFTER INSERT ON test_plan BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('test_plan', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER test_plan_search_delete AFTER DELETE ON test_plan BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('test_plan', old.row, json_array (old.name, old.model)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER test_plan_search_update AFTER UPDATE OF name, model ON test_plan WHEN old.name IS NOT new.name OR old.model IS NOT new.model BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('test_plan', old.row, json_array (old.name, old.model)) ON CONFLICT DO NOTHING;
END;
INSERT INTO search_queue (kind, row, was) SELECT 'test_plan', row, NULL FROM test_plan WHERE true ON CONFLICT DO NOTHING;

CREATE VIRTUAL TABLE factory_batch_search USING fts5 (name, model, content = 'factory_batch', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER factory_batch_search_insert AFTER INSERT ON factory_batch BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('factory_batch', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER factory_batch_search_delete AFTER DELETE ON factory_batch BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('factory_batch', old.row, json_array (old.name, old.model)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER factory_batch_search_update AFTER UPDATE OF name, model ON factory_batch WHEN old.name IS NOT new.name OR old.model IS NOT new.model BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('factory_batch', old.row, json_array (old.name, old.model)) ON CONFLICT DO NOTHING;
END;
INSERT INTO search_queue (kind, row, was) SELECT 'factory_batch', row, NULL FROM factory_batch WHERE true ON CONFLICT DO NOTHING;

CREATE VIRTUAL TABLE factory_unit_search USING fts5 (serial, content = 'factory_unit', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER factory_unit_search_insert AFTER INSERT ON factory_unit BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('factory_unit', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER factory_unit_search_delete AFTER DELETE ON factory_unit BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('factory_unit', old.row, json_array (old.serial)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER factory_unit_search_update AFTER UPDATE OF serial ON factory_unit WHEN old.serial IS NOT new.serial BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('factory_unit', old.row, json_array (old.serial)) ON CONFLICT DO NOTHING;
END;
INSERT INTO search_queue (kind, row, was) SELECT 'factory_unit', row, NULL FROM factory_unit WHERE true ON CONFLICT DO NOTHING;

CREATE VIRTUAL TABLE test_run_search USING fts5 (name, serial, content = 'test_run', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER test_run_search_insert AFTER INSERT ON test_run BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('test_run', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER test_run_search_delete AFTER DELETE ON test_run BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('test_run', old.row, json_array (old.name, old.serial)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER test_run_search_update AFTER UPDATE OF name, serial ON test_run WHEN old.name IS NOT new.name OR old.serial IS NOT new.serial BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('test_run', old.row, json_array (old.name, old.serial)) ON CONFLICT DO NOTHING;
END;
INSERT INTO search_queue (kind, row, was) SELECT 'test_run', row, NULL FROM test_run WHERE true ON CONFLICT DO NOTHING;
