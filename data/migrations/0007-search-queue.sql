-- SPDX-License-Identifier: GPL-3.0-or-later
-- The search indexes follow at the end of a transaction: written row by row, each statement and each savepoint would
-- make the index write out what it has gathered, a small segment each, and merge them again and again.

-- The rows whose texts have changed in the transaction under way. `was` has the texts that the index still holds, as a
-- JSON array in the order of its columns; NULL when it holds none.
CREATE TABLE search_queue (
  kind TEXT NOT NULL,
  row INTEGER NOT NULL,
  was TEXT,
  PRIMARY KEY (kind, row)
) STRICT, WITHOUT ROWID;

DROP TRIGGER device_search_insert;
DROP TRIGGER device_search_delete;
DROP TRIGGER device_search_update;
CREATE TRIGGER device_search_insert AFTER INSERT ON device BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('device', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER device_search_delete AFTER DELETE ON device BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('device', old.row, json_array (old.name, old.manufacturer, old.model, old.serial, old.mac, old.location, old.notes, old.firmware_version, old.address)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER device_search_update AFTER UPDATE OF name, manufacturer, model, serial, mac, location, notes, firmware_version, address ON device WHEN old.name IS NOT new.name OR old.manufacturer IS NOT new.manufacturer OR old.model IS NOT new.model OR old.serial IS NOT new.serial OR old.mac IS NOT new.mac OR old.location IS NOT new.location OR old.notes IS NOT new.notes OR old.firmware_version IS NOT new.firmware_version OR old.address IS NOT new.address BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('device', old.row, json_array (old.name, old.manufacturer, old.model, old.serial, old.mac, old.location, old.notes, old.firmware_version, old.address)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER device_group_search_insert;
DROP TRIGGER device_group_search_delete;
DROP TRIGGER device_group_search_update;
CREATE TRIGGER device_group_search_insert AFTER INSERT ON device_group BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('device_group', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER device_group_search_delete AFTER DELETE ON device_group BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('device_group', old.row, json_array (old.name, old.description)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER device_group_search_update AFTER UPDATE OF name, description ON device_group WHEN old.name IS NOT new.name OR old.description IS NOT new.description BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('device_group', old.row, json_array (old.name, old.description)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER metric_search_insert;
DROP TRIGGER metric_search_delete;
DROP TRIGGER metric_search_update;
CREATE TRIGGER metric_search_insert AFTER INSERT ON metric BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('metric', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER metric_search_delete AFTER DELETE ON metric BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('metric', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER metric_search_update AFTER UPDATE OF name ON metric WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('metric', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER device_event_search_insert;
DROP TRIGGER device_event_search_delete;
DROP TRIGGER device_event_search_update;
CREATE TRIGGER device_event_search_insert AFTER INSERT ON device_event BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('device_event', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER device_event_search_delete AFTER DELETE ON device_event BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('device_event', old.row, json_array (old.kind, old.message)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER device_event_search_update AFTER UPDATE OF kind, message ON device_event WHEN old.kind IS NOT new.kind OR old.message IS NOT new.message BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('device_event', old.row, json_array (old.kind, old.message)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER person_search_insert;
DROP TRIGGER person_search_delete;
DROP TRIGGER person_search_update;
CREATE TRIGGER person_search_insert AFTER INSERT ON person BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('person', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER person_search_delete AFTER DELETE ON person BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('person', old.row, json_array (old.name, old.email, old.phone)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER person_search_update AFTER UPDATE OF name, email, phone ON person WHEN old.name IS NOT new.name OR old.email IS NOT new.email OR old.phone IS NOT new.phone BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('person', old.row, json_array (old.name, old.email, old.phone)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER api_key_search_insert;
DROP TRIGGER api_key_search_delete;
DROP TRIGGER api_key_search_update;
CREATE TRIGGER api_key_search_insert AFTER INSERT ON api_key BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('api_key', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER api_key_search_delete AFTER DELETE ON api_key BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('api_key', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER api_key_search_update AFTER UPDATE OF name ON api_key WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('api_key', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER product_search_insert;
DROP TRIGGER product_search_delete;
DROP TRIGGER product_search_update;
CREATE TRIGGER product_search_insert AFTER INSERT ON product BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('product', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER product_search_delete AFTER DELETE ON product BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('product', old.row, json_array (old.name, old.model, old.manufacturer, old.type, old.sku, old.gtin, old.description, old.supplier)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER product_search_update AFTER UPDATE OF name, model, manufacturer, type, sku, gtin, description, supplier ON product WHEN old.name IS NOT new.name OR old.model IS NOT new.model OR old.manufacturer IS NOT new.manufacturer OR old.type IS NOT new.type OR old.sku IS NOT new.sku OR old.gtin IS NOT new.gtin OR old.description IS NOT new.description OR old.supplier IS NOT new.supplier BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('product', old.row, json_array (old.name, old.model, old.manufacturer, old.type, old.sku, old.gtin, old.description, old.supplier)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER location_search_insert;
DROP TRIGGER location_search_delete;
DROP TRIGGER location_search_update;
CREATE TRIGGER location_search_insert AFTER INSERT ON location BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('location', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER location_search_delete AFTER DELETE ON location BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('location', old.row, json_array (old.name, old.code, old.path, old.notes)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER location_search_update AFTER UPDATE OF name, code, path, notes ON location WHEN old.name IS NOT new.name OR old.code IS NOT new.code OR old.path IS NOT new.path OR old.notes IS NOT new.notes BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('location', old.row, json_array (old.name, old.code, old.path, old.notes)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER batch_search_insert;
DROP TRIGGER batch_search_delete;
DROP TRIGGER batch_search_update;
CREATE TRIGGER batch_search_insert AFTER INSERT ON batch BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('batch', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER batch_search_delete AFTER DELETE ON batch BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('batch', old.row, json_array (old.number, old.supplier)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER batch_search_update AFTER UPDATE OF number, supplier ON batch WHEN old.number IS NOT new.number OR old.supplier IS NOT new.supplier BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('batch', old.row, json_array (old.number, old.supplier)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER stock_move_search_insert;
DROP TRIGGER stock_move_search_delete;
DROP TRIGGER stock_move_search_update;
CREATE TRIGGER stock_move_search_insert AFTER INSERT ON stock_move BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('stock_move', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stock_move_search_delete AFTER DELETE ON stock_move BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('stock_move', old.row, json_array (old.note)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stock_move_search_update AFTER UPDATE OF note ON stock_move WHEN old.note IS NOT new.note BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('stock_move', old.row, json_array (old.note)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER stocktake_search_insert;
DROP TRIGGER stocktake_search_delete;
DROP TRIGGER stocktake_search_update;
CREATE TRIGGER stocktake_search_insert AFTER INSERT ON stocktake BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('stocktake', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stocktake_search_delete AFTER DELETE ON stocktake BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('stocktake', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stocktake_search_update AFTER UPDATE OF name ON stocktake WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('stocktake', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER stocktake_line_search_insert;
DROP TRIGGER stocktake_line_search_delete;
DROP TRIGGER stocktake_line_search_update;
CREATE TRIGGER stocktake_line_search_insert AFTER INSERT ON stocktake_line BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('stocktake_line', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stocktake_line_search_delete AFTER DELETE ON stocktake_line BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('stocktake_line', old.row, json_array (old.code)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stocktake_line_search_update AFTER UPDATE OF code ON stocktake_line WHEN old.code IS NOT new.code BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('stocktake_line', old.row, json_array (old.code)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER loan_search_insert;
DROP TRIGGER loan_search_delete;
DROP TRIGGER loan_search_update;
CREATE TRIGGER loan_search_insert AFTER INSERT ON loan BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('loan', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER loan_search_delete AFTER DELETE ON loan BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('loan', old.row, json_array (old.borrower)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER loan_search_update AFTER UPDATE OF borrower ON loan WHEN old.borrower IS NOT new.borrower BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('loan', old.row, json_array (old.borrower)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER site_order_search_insert;
DROP TRIGGER site_order_search_delete;
DROP TRIGGER site_order_search_update;
CREATE TRIGGER site_order_search_insert AFTER INSERT ON site_order BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('site_order', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER site_order_search_delete AFTER DELETE ON site_order BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('site_order', old.row, json_array (old.order_number, old.customer, old.customer_email, old.reference, old.shipping_address, old.notes)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER site_order_search_update AFTER UPDATE OF order_number, customer, customer_email, reference, shipping_address, notes ON site_order WHEN old.order_number IS NOT new.order_number OR old.customer IS NOT new.customer OR old.customer_email IS NOT new.customer_email OR old.reference IS NOT new.reference OR old.shipping_address IS NOT new.shipping_address OR old.notes IS NOT new.notes BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('site_order', old.row, json_array (old.order_number, old.customer, old.customer_email, old.reference, old.shipping_address, old.notes)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER order_item_search_insert;
DROP TRIGGER order_item_search_delete;
DROP TRIGGER order_item_search_update;
CREATE TRIGGER order_item_search_insert AFTER INSERT ON order_item BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('order_item', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER order_item_search_delete AFTER DELETE ON order_item BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('order_item', old.row, json_array (old.description)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER order_item_search_update AFTER UPDATE OF description ON order_item WHEN old.description IS NOT new.description BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('order_item', old.row, json_array (old.description)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER delivery_search_insert;
DROP TRIGGER delivery_search_delete;
DROP TRIGGER delivery_search_update;
CREATE TRIGGER delivery_search_insert AFTER INSERT ON delivery BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('delivery', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER delivery_search_delete AFTER DELETE ON delivery BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('delivery', old.row, json_array (old.delivery_number, old.carrier, old.tracking_number, old.shipping_address, old.delivery_notes, old.recipient)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER delivery_search_update AFTER UPDATE OF delivery_number, carrier, tracking_number, shipping_address, delivery_notes, recipient ON delivery WHEN old.delivery_number IS NOT new.delivery_number OR old.carrier IS NOT new.carrier OR old.tracking_number IS NOT new.tracking_number OR old.shipping_address IS NOT new.shipping_address OR old.delivery_notes IS NOT new.delivery_notes OR old.recipient IS NOT new.recipient BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('delivery', old.row, json_array (old.delivery_number, old.carrier, old.tracking_number, old.shipping_address, old.delivery_notes, old.recipient)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER delivery_item_search_insert;
DROP TRIGGER delivery_item_search_delete;
DROP TRIGGER delivery_item_search_update;
CREATE TRIGGER delivery_item_search_insert AFTER INSERT ON delivery_item BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('delivery_item', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER delivery_item_search_delete AFTER DELETE ON delivery_item BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('delivery_item', old.row, json_array (old.serial, old.mac)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER delivery_item_search_update AFTER UPDATE OF serial, mac ON delivery_item WHEN old.serial IS NOT new.serial OR old.mac IS NOT new.mac BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('delivery_item', old.row, json_array (old.serial, old.mac)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER delivery_issue_search_insert;
DROP TRIGGER delivery_issue_search_delete;
DROP TRIGGER delivery_issue_search_update;
CREATE TRIGGER delivery_issue_search_insert AFTER INSERT ON delivery_issue BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('delivery_issue', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER delivery_issue_search_delete AFTER DELETE ON delivery_issue BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('delivery_issue', old.row, json_array (old.description, old.resolution)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER delivery_issue_search_update AFTER UPDATE OF description, resolution ON delivery_issue WHEN old.description IS NOT new.description OR old.resolution IS NOT new.resolution BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('delivery_issue', old.row, json_array (old.description, old.resolution)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER attachment_search_insert;
DROP TRIGGER attachment_search_delete;
DROP TRIGGER attachment_search_update;
CREATE TRIGGER attachment_search_insert AFTER INSERT ON attachment BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('attachment', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER attachment_search_delete AFTER DELETE ON attachment BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('attachment', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER attachment_search_update AFTER UPDATE OF name ON attachment WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('attachment', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER job_search_insert;
DROP TRIGGER job_search_delete;
DROP TRIGGER job_search_update;
CREATE TRIGGER job_search_insert AFTER INSERT ON job BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('job', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER job_search_delete AFTER DELETE ON job BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('job', old.row, json_array (old.title)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER job_search_update AFTER UPDATE OF title ON job WHEN old.title IS NOT new.title BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('job', old.row, json_array (old.title)) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER saved_view_search_insert;
DROP TRIGGER saved_view_search_delete;
DROP TRIGGER saved_view_search_update;
CREATE TRIGGER saved_view_search_insert AFTER INSERT ON saved_view BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('saved_view', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER saved_view_search_delete AFTER DELETE ON saved_view BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('saved_view', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER saved_view_search_update AFTER UPDATE OF name ON saved_view WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('saved_view', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
