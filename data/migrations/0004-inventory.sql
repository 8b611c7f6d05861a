-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the site buys, keeps and lends, where it lies, and every move of it.

-- A model that the site buys, keeps, sells or runs.
CREATE TABLE product (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  model TEXT,
  manufacturer TEXT,
  type TEXT,
  kind TEXT NOT NULL,
  tracking TEXT NOT NULL,
  sku TEXT,
  gtin TEXT,
  description TEXT,
  unit_price INTEGER,
  currency TEXT NOT NULL,
  specifications TEXT,
  reorder_point INTEGER,
  reorder_quantity INTEGER,
  warranty_months INTEGER,
  supplier TEXT,
  discontinued INTEGER NOT NULL,
  picture_id TEXT,
  on_hand INTEGER NOT NULL,
  reserved INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX product_sku ON product (sku) WHERE sku IS NOT NULL;
CREATE UNIQUE INDEX product_gtin ON product (gtin) WHERE gtin IS NOT NULL;
CREATE INDEX product_by_name ON product (name COLLATE NOCASE, id);
CREATE INDEX product_by_updated_at ON product (updated_at, id);
CREATE INDEX product_by_kind ON product (kind, id);
CREATE INDEX product_by_picture_id ON product (picture_id, id);
CREATE VIRTUAL TABLE product_search USING fts5 (name, model, manufacturer, type, sku, gtin, description, supplier, content = 'product', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER product_search_insert AFTER INSERT ON product BEGIN
  INSERT INTO product_search (rowid, name, model, manufacturer, type, sku, gtin, description, supplier) VALUES (new.row, new.name, new.model, new.manufacturer, new.type, new.sku, new.gtin, new.description, new.supplier);
END;
CREATE TRIGGER product_search_delete AFTER DELETE ON product BEGIN
  INSERT INTO product_search (product_search, rowid, name, model, manufacturer, type, sku, gtin, description, supplier) VALUES ('delete', old.row, old.name, old.model, old.manufacturer, old.type, old.sku, old.gtin, old.description, old.supplier);
END;
CREATE TRIGGER product_search_update AFTER UPDATE OF name, model, manufacturer, type, sku, gtin, description, supplier ON product WHEN old.name IS NOT new.name OR old.model IS NOT new.model OR old.manufacturer IS NOT new.manufacturer OR old.type IS NOT new.type OR old.sku IS NOT new.sku OR old.gtin IS NOT new.gtin OR old.description IS NOT new.description OR old.supplier IS NOT new.supplier BEGIN
  INSERT INTO product_search (product_search, rowid, name, model, manufacturer, type, sku, gtin, description, supplier) VALUES ('delete', old.row, old.name, old.model, old.manufacturer, old.type, old.sku, old.gtin, old.description, old.supplier);
  INSERT INTO product_search (rowid, name, model, manufacturer, type, sku, gtin, description, supplier) VALUES (new.row, new.name, new.model, new.manufacturer, new.type, new.sku, new.gtin, new.description, new.supplier);
END;

-- A place where units stand or lie, within another.
CREATE TABLE location (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  parent_id TEXT REFERENCES location (id),
  code TEXT,
  path TEXT NOT NULL,
  notes TEXT
) STRICT;
CREATE UNIQUE INDEX location_code ON location (code) WHERE code IS NOT NULL;
CREATE INDEX location_by_parent_id ON location (parent_id, id);
CREATE INDEX location_by_path ON location (path COLLATE NOCASE, id);
CREATE INDEX location_by_name ON location (name COLLATE NOCASE, id);
CREATE VIRTUAL TABLE location_search USING fts5 (name, code, path, notes, content = 'location', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER location_search_insert AFTER INSERT ON location BEGIN
  INSERT INTO location_search (rowid, name, code, path, notes) VALUES (new.row, new.name, new.code, new.path, new.notes);
END;
CREATE TRIGGER location_search_delete AFTER DELETE ON location BEGIN
  INSERT INTO location_search (location_search, rowid, name, code, path, notes) VALUES ('delete', old.row, old.name, old.code, old.path, old.notes);
END;
CREATE TRIGGER location_search_update AFTER UPDATE OF name, code, path, notes ON location WHEN old.name IS NOT new.name OR old.code IS NOT new.code OR old.path IS NOT new.path OR old.notes IS NOT new.notes BEGIN
  INSERT INTO location_search (location_search, rowid, name, code, path, notes) VALUES ('delete', old.row, old.name, old.code, old.path, old.notes);
  INSERT INTO location_search (rowid, name, code, path, notes) VALUES (new.row, new.name, new.code, new.path, new.notes);
END;

-- Goods of one product that were made or came together.
CREATE TABLE batch (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  product_id TEXT NOT NULL REFERENCES product (id),
  number TEXT NOT NULL,
  received_at INTEGER,
  expires_at INTEGER,
  supplier TEXT,
  notes TEXT
) STRICT;
CREATE UNIQUE INDEX batch_product_id_number ON batch (product_id, number);
CREATE INDEX batch_by_number ON batch (number COLLATE NOCASE, id);
CREATE VIRTUAL TABLE batch_search USING fts5 (number, supplier, content = 'batch', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER batch_search_insert AFTER INSERT ON batch BEGIN
  INSERT INTO batch_search (rowid, number, supplier) VALUES (new.row, new.number, new.supplier);
END;
CREATE TRIGGER batch_search_delete AFTER DELETE ON batch BEGIN
  INSERT INTO batch_search (batch_search, rowid, number, supplier) VALUES ('delete', old.row, old.number, old.supplier);
END;
CREATE TRIGGER batch_search_update AFTER UPDATE OF number, supplier ON batch WHEN old.number IS NOT new.number OR old.supplier IS NOT new.supplier BEGIN
  INSERT INTO batch_search (batch_search, rowid, number, supplier) VALUES ('delete', old.row, old.number, old.supplier);
  INSERT INTO batch_search (rowid, number, supplier) VALUES (new.row, new.number, new.supplier);
END;

-- A physical change of the stock: quantities and places are the sum of them.
CREATE TABLE stock_move (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  reason TEXT NOT NULL,
  product_id TEXT NOT NULL REFERENCES product (id),
  device_id TEXT REFERENCES device (id),
  batch_id TEXT REFERENCES batch (id),
  quantity INTEGER NOT NULL,
  from_location_id TEXT REFERENCES location (id),
  to_location_id TEXT REFERENCES location (id),
  outside_from INTEGER NOT NULL,
  outside_to INTEGER NOT NULL,
  order_id TEXT,
  order_item_id TEXT,
  delivery_id TEXT,
  stocktake_id TEXT,
  note TEXT,
  actor TEXT
) STRICT;
CREATE INDEX stock_move_by_product_id ON stock_move (product_id, id);
CREATE INDEX stock_move_by_product_id_created_at ON stock_move (product_id, created_at);
CREATE INDEX stock_move_by_device_id ON stock_move (device_id, id) WHERE device_id IS NOT NULL;
CREATE INDEX stock_move_by_order_id ON stock_move (order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX stock_move_by_order_item_id ON stock_move (order_item_id, id) WHERE order_item_id IS NOT NULL;
CREATE INDEX stock_move_by_delivery_id ON stock_move (delivery_id, id) WHERE delivery_id IS NOT NULL;
CREATE INDEX stock_move_by_stocktake_id ON stock_move (stocktake_id, id) WHERE stocktake_id IS NOT NULL;
CREATE INDEX stock_move_by_batch_id ON stock_move (batch_id, id) WHERE batch_id IS NOT NULL;
CREATE INDEX stock_move_by_from_location_id ON stock_move (from_location_id, id) WHERE from_location_id IS NOT NULL;
CREATE INDEX stock_move_by_to_location_id ON stock_move (to_location_id, id) WHERE to_location_id IS NOT NULL;
CREATE INDEX stock_move_by_reason ON stock_move (reason, id);
CREATE VIRTUAL TABLE stock_move_search USING fts5 (note, content = 'stock_move', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER stock_move_search_insert AFTER INSERT ON stock_move BEGIN
  INSERT INTO stock_move_search (rowid, note) VALUES (new.row, new.note);
END;
CREATE TRIGGER stock_move_search_delete AFTER DELETE ON stock_move BEGIN
  INSERT INTO stock_move_search (stock_move_search, rowid, note) VALUES ('delete', old.row, old.note);
END;
CREATE TRIGGER stock_move_search_update AFTER UPDATE OF note ON stock_move WHEN old.note IS NOT new.note BEGIN
  INSERT INTO stock_move_search (stock_move_search, rowid, note) VALUES ('delete', old.row, old.note);
  INSERT INTO stock_move_search (rowid, note) VALUES (new.row, new.note);
END;

-- How many of a product lie in a place. Kept by the database itself, as the sum of the stock moves.
CREATE TABLE stock_level (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  product_id TEXT NOT NULL REFERENCES product (id) ON DELETE CASCADE,
  location_id TEXT REFERENCES location (id) ON DELETE CASCADE,
  batch_id TEXT REFERENCES batch (id) ON DELETE CASCADE,
  quantity INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  CONSTRAINT "there are not as many in stock at that place" CHECK (quantity >= 0),
  CONSTRAINT "there are not as many reserved at that place" CHECK (reserved >= 0),
  CONSTRAINT "what is reserved at that place has to be freed first" CHECK (reserved <= quantity)
) STRICT;
CREATE INDEX stock_level_by_location_id ON stock_level (location_id, id);

-- A count of what lies in a place.
CREATE TABLE stocktake (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  location_id TEXT NOT NULL REFERENCES location (id),
  status TEXT NOT NULL,
  blind INTEGER NOT NULL,
  notes TEXT,
  applied_at INTEGER
) STRICT;
CREATE INDEX stocktake_by_status ON stocktake (status, id);
CREATE INDEX stocktake_by_location_id ON stocktake (location_id, id);
CREATE VIRTUAL TABLE stocktake_search USING fts5 (name, content = 'stocktake', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER stocktake_search_insert AFTER INSERT ON stocktake BEGIN
  INSERT INTO stocktake_search (rowid, name) VALUES (new.row, new.name);
END;
CREATE TRIGGER stocktake_search_delete AFTER DELETE ON stocktake BEGIN
  INSERT INTO stocktake_search (stocktake_search, rowid, name) VALUES ('delete', old.row, old.name);
END;
CREATE TRIGGER stocktake_search_update AFTER UPDATE OF name ON stocktake WHEN old.name IS NOT new.name BEGIN
  INSERT INTO stocktake_search (stocktake_search, rowid, name) VALUES ('delete', old.row, old.name);
  INSERT INTO stocktake_search (rowid, name) VALUES (new.row, new.name);
END;

-- One thing counted or expected in a stocktake.
CREATE TABLE stocktake_line (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
  code TEXT NOT NULL,
  location_id TEXT REFERENCES location (id),
  device_id TEXT REFERENCES device (id),
  product_id TEXT REFERENCES product (id),
  counted INTEGER NOT NULL,
  expected INTEGER NOT NULL,
  result TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX stocktake_line_place ON stocktake_line (stocktake_id, code, ifnull (location_id, ''));
CREATE INDEX stocktake_line_by_result ON stocktake_line (stocktake_id, result, id);
CREATE INDEX stocktake_line_by_device_id ON stocktake_line (device_id, id);
CREATE INDEX stocktake_line_by_product_id ON stocktake_line (product_id, id);
CREATE INDEX stocktake_line_by_location_id ON stocktake_line (location_id, id);
CREATE VIRTUAL TABLE stocktake_line_search USING fts5 (code, content = 'stocktake_line', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER stocktake_line_search_insert AFTER INSERT ON stocktake_line BEGIN
  INSERT INTO stocktake_line_search (rowid, code) VALUES (new.row, new.code);
END;
CREATE TRIGGER stocktake_line_search_delete AFTER DELETE ON stocktake_line BEGIN
  INSERT INTO stocktake_line_search (stocktake_line_search, rowid, code) VALUES ('delete', old.row, old.code);
END;
CREATE TRIGGER stocktake_line_search_update AFTER UPDATE OF code ON stocktake_line WHEN old.code IS NOT new.code BEGIN
  INSERT INTO stocktake_line_search (stocktake_line_search, rowid, code) VALUES ('delete', old.row, old.code);
  INSERT INTO stocktake_line_search (rowid, code) VALUES (new.row, new.code);
END;

-- What was scanned in a stocktake, as it came: the lines are the sum of the scans.
CREATE TABLE stocktake_scan (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
  line_id TEXT NOT NULL REFERENCES stocktake_line (id),
  code TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  location_id TEXT REFERENCES location (id),
  scanned_at INTEGER,
  actor TEXT
) STRICT;
CREATE INDEX stocktake_scan_by_stocktake_id ON stocktake_scan (stocktake_id, id);
CREATE INDEX stocktake_scan_by_line_id ON stocktake_scan (line_id, id);
CREATE INDEX stocktake_scan_by_location_id ON stocktake_scan (location_id, id);

-- A unit lent to somebody.
CREATE TABLE loan (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  device_id TEXT NOT NULL REFERENCES device (id),
  borrower TEXT NOT NULL,
  person_id TEXT REFERENCES person (id),
  due_at INTEGER NOT NULL,
  returned_at INTEGER,
  from_stock INTEGER NOT NULL,
  location_id TEXT REFERENCES location (id),
  notes TEXT
) STRICT;
CREATE INDEX loan_by_device_id ON loan (device_id, id);
CREATE UNIQUE INDEX loan_device_id ON loan (device_id) WHERE returned_at IS NULL;
CREATE INDEX loan_by_location_id ON loan (location_id, id);
CREATE INDEX loan_by_person_id ON loan (person_id, id);
CREATE INDEX loan_by_due_at ON loan (due_at, id);
CREATE INDEX loan_by_returned_at ON loan (returned_at, id);
CREATE VIRTUAL TABLE loan_search USING fts5 (borrower, content = 'loan', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER loan_search_insert AFTER INSERT ON loan BEGIN
  INSERT INTO loan_search (rowid, borrower) VALUES (new.row, new.borrower);
END;
CREATE TRIGGER loan_search_delete AFTER DELETE ON loan BEGIN
  INSERT INTO loan_search (loan_search, rowid, borrower) VALUES ('delete', old.row, old.borrower);
END;
CREATE TRIGGER loan_search_update AFTER UPDATE OF borrower ON loan WHEN old.borrower IS NOT new.borrower BEGIN
  INSERT INTO loan_search (loan_search, rowid, borrower) VALUES ('delete', old.row, old.borrower);
  INSERT INTO loan_search (rowid, borrower) VALUES (new.row, new.borrower);
END;

-- Levels are the sum of the moves because nothing but a move changes them. A row is made before it is changed: a CHECK
-- looks at what an upsert would insert, though it then updates. A row of nothing goes.
CREATE INDEX stock_level_of_nothing ON stock_level (product_id) WHERE quantity = 0;
CREATE UNIQUE INDEX stock_level_place ON stock_level (product_id, ifnull (location_id, ''), ifnull (batch_id, ''));

CREATE TRIGGER stock_move_insert AFTER INSERT ON stock_move BEGIN
  INSERT OR IGNORE INTO stock_level (id, created_at, updated_at, revision, product_id, location_id, batch_id, quantity, reserved)
    SELECT lower (hex (randomblob (4)) || '-' || hex (randomblob (2)) || '-7' || substr (hex (randomblob (2)), 2) || '-8' || substr (hex (randomblob (2)), 2) || '-' || hex (randomblob (6))),
           new.created_at, new.created_at, 1, new.product_id, place.id, new.batch_id, 0, 0
    FROM (SELECT new.from_location_id AS id WHERE NOT new.outside_from UNION SELECT new.to_location_id WHERE NOT new.outside_to AND new.reason <> 'reserve') AS place;
  UPDATE stock_level SET updated_at = new.updated_at, revision = revision + 1,
      quantity = quantity - new.quantity * (new.reason <> 'reserve'),
      reserved = reserved + new.quantity * ((new.reason = 'reserve') - (new.reason = 'pick'))
    WHERE NOT new.outside_from AND product_id = new.product_id AND ifnull (location_id, '') = ifnull (new.from_location_id, '') AND ifnull (batch_id, '') = ifnull (new.batch_id, '');
  UPDATE stock_level SET updated_at = new.updated_at, revision = revision + 1, quantity = quantity + new.quantity
    WHERE NOT new.outside_to AND new.reason <> 'reserve' AND product_id = new.product_id AND ifnull (location_id, '') = ifnull (new.to_location_id, '') AND ifnull (batch_id, '') = ifnull (new.batch_id, '');
  UPDATE product SET
      on_hand = on_hand + new.quantity * (new.reason <> 'reserve') * (new.outside_from - new.outside_to),
      reserved = reserved + new.quantity * ((new.reason = 'reserve') - (new.reason = 'pick'))
    WHERE id = new.product_id;
  DELETE FROM stock_level WHERE quantity = 0 AND product_id = new.product_id;
END;

-- What happened does not change; notes and what it points at may.
CREATE TRIGGER stock_move_update BEFORE UPDATE OF reason, product_id, batch_id, quantity, from_location_id, to_location_id, outside_from, outside_to ON stock_move BEGIN
  SELECT RAISE (ABORT, 'a stock move stays as it is');
END;

CREATE TRIGGER stock_move_delete AFTER DELETE ON stock_move BEGIN
  INSERT OR IGNORE INTO stock_level (id, created_at, updated_at, revision, product_id, location_id, batch_id, quantity, reserved)
    SELECT lower (hex (randomblob (4)) || '-' || hex (randomblob (2)) || '-7' || substr (hex (randomblob (2)), 2) || '-8' || substr (hex (randomblob (2)), 2) || '-' || hex (randomblob (6))),
           old.created_at, old.created_at, 1, old.product_id, place.id, old.batch_id, 0, 0
    FROM (SELECT old.from_location_id AS id WHERE NOT old.outside_from UNION SELECT old.to_location_id WHERE NOT old.outside_to AND old.reason <> 'reserve') AS place;
  UPDATE stock_level SET updated_at = old.updated_at, revision = revision + 1, quantity = quantity - old.quantity
    WHERE NOT old.outside_to AND old.reason <> 'reserve' AND product_id = old.product_id AND ifnull (location_id, '') = ifnull (old.to_location_id, '') AND ifnull (batch_id, '') = ifnull (old.batch_id, '');
  UPDATE stock_level SET updated_at = old.updated_at, revision = revision + 1,
      quantity = quantity + old.quantity * (old.reason <> 'reserve'),
      reserved = reserved - old.quantity * ((old.reason = 'reserve') - (old.reason = 'pick'))
    WHERE NOT old.outside_from AND product_id = old.product_id AND ifnull (location_id, '') = ifnull (old.from_location_id, '') AND ifnull (batch_id, '') = ifnull (old.batch_id, '');
  UPDATE product SET
      on_hand = on_hand - old.quantity * (old.reason <> 'reserve') * (old.outside_from - old.outside_to),
      reserved = reserved - old.quantity * ((old.reason = 'reserve') - (old.reason = 'pick'))
    WHERE id = old.product_id;
  DELETE FROM stock_level WHERE quantity = 0 AND product_id = old.product_id;
END;

-- A device is a unit of a product, and lies somewhere.
ALTER TABLE device ADD COLUMN product_id TEXT REFERENCES product (id);
ALTER TABLE device ADD COLUMN location_id TEXT REFERENCES location (id);
ALTER TABLE device ADD COLUMN batch_id TEXT REFERENCES batch (id);
ALTER TABLE device ADD COLUMN order_item_id TEXT;
ALTER TABLE device ADD COLUMN purchase_item_id TEXT;
ALTER TABLE device ADD COLUMN customer_id TEXT REFERENCES person (id);
ALTER TABLE device ADD COLUMN received_at INTEGER;
ALTER TABLE device ADD COLUMN warranty_until INTEGER;
ALTER TABLE device ADD COLUMN replaces_id TEXT REFERENCES device (id);
ALTER TABLE device ADD COLUMN loan_id TEXT REFERENCES loan (id);
CREATE INDEX device_by_created_at ON device (created_at, id);
CREATE INDEX device_by_product_id ON device (product_id, id) WHERE product_id IS NOT NULL;
CREATE INDEX device_by_location_id ON device (location_id, id) WHERE location_id IS NOT NULL;
CREATE INDEX device_by_batch_id ON device (batch_id, id) WHERE batch_id IS NOT NULL;
CREATE INDEX device_by_order_item_id ON device (order_item_id, id) WHERE order_item_id IS NOT NULL;
CREATE INDEX device_by_purchase_item_id ON device (purchase_item_id, id) WHERE purchase_item_id IS NOT NULL;
CREATE INDEX device_by_customer_id ON device (customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX device_by_replaces_id ON device (replaces_id, id) WHERE replaces_id IS NOT NULL;
CREATE INDEX device_by_loan_id ON device (loan_id, id) WHERE loan_id IS NOT NULL;
