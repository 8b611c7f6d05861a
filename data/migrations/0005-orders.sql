-- SPDX-License-Identifier: GPL-3.0-or-later
-- Orders, deliveries, and the numbers they bear.

-- The last number given in a series, such as SO-2026.
CREATE TABLE number_series (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  last INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX number_series_name ON number_series (name);

-- What somebody ordered from the site, the site ordered from somebody, or somebody sends back.
CREATE TABLE site_order (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  order_number TEXT,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  customer TEXT NOT NULL,
  customer_id TEXT REFERENCES person (id),
  customer_email TEXT,
  reference TEXT,
  shipping_address TEXT,
  currency TEXT NOT NULL,
  subtotal INTEGER NOT NULL,
  discount_amount INTEGER NOT NULL,
  tax_amount INTEGER NOT NULL,
  shipping_amount INTEGER NOT NULL,
  total_amount INTEGER NOT NULL,
  due_at INTEGER,
  notes TEXT,
  origin_order_id TEXT REFERENCES site_order (id),
  confirmed_at INTEGER,
  shipped_at INTEGER,
  delivered_at INTEGER,
  cancelled_at INTEGER
) STRICT;
CREATE UNIQUE INDEX site_order_order_number ON site_order (order_number) WHERE order_number IS NOT NULL;
CREATE INDEX site_order_by_status ON site_order (status, id);
CREATE INDEX site_order_by_kind ON site_order (kind, id);
CREATE INDEX site_order_by_customer_id ON site_order (customer_id, id);
CREATE INDEX site_order_by_customer ON site_order (customer COLLATE NOCASE, id);
CREATE INDEX site_order_by_origin_order_id ON site_order (origin_order_id, id);
CREATE INDEX site_order_by_due_at ON site_order (due_at, id);
CREATE INDEX site_order_by_created_at ON site_order (created_at, id);
CREATE INDEX site_order_by_updated_at ON site_order (updated_at, id);
CREATE INDEX site_order_by_total_amount ON site_order (total_amount, id);
CREATE VIRTUAL TABLE site_order_search USING fts5 (order_number, customer, customer_email, reference, shipping_address, notes, content = 'site_order', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER site_order_search_insert AFTER INSERT ON site_order BEGIN
  INSERT INTO site_order_search (rowid, order_number, customer, customer_email, reference, shipping_address, notes) VALUES (new.row, new.order_number, new.customer, new.customer_email, new.reference, new.shipping_address, new.notes);
END;
CREATE TRIGGER site_order_search_delete AFTER DELETE ON site_order BEGIN
  INSERT INTO site_order_search (site_order_search, rowid, order_number, customer, customer_email, reference, shipping_address, notes) VALUES ('delete', old.row, old.order_number, old.customer, old.customer_email, old.reference, old.shipping_address, old.notes);
END;
CREATE TRIGGER site_order_search_update AFTER UPDATE OF order_number, customer, customer_email, reference, shipping_address, notes ON site_order WHEN old.order_number IS NOT new.order_number OR old.customer IS NOT new.customer OR old.customer_email IS NOT new.customer_email OR old.reference IS NOT new.reference OR old.shipping_address IS NOT new.shipping_address OR old.notes IS NOT new.notes BEGIN
  INSERT INTO site_order_search (site_order_search, rowid, order_number, customer, customer_email, reference, shipping_address, notes) VALUES ('delete', old.row, old.order_number, old.customer, old.customer_email, old.reference, old.shipping_address, old.notes);
  INSERT INTO site_order_search (rowid, order_number, customer, customer_email, reference, shipping_address, notes) VALUES (new.row, new.order_number, new.customer, new.customer_email, new.reference, new.shipping_address, new.notes);
END;

-- A line of an order: goods, or a discount, tax or shipping charge.
CREATE TABLE order_item (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  order_id TEXT NOT NULL REFERENCES site_order (id),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  product_id TEXT REFERENCES product (id),
  device_id TEXT REFERENCES device (id),
  description TEXT,
  quantity INTEGER NOT NULL,
  unit_price INTEGER NOT NULL,
  rate INTEGER,
  subtotal INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  shipped INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  adopted INTEGER NOT NULL
) STRICT;
CREATE INDEX order_item_by_order_id ON order_item (order_id, position);
CREATE INDEX order_item_by_product_id ON order_item (product_id, id);
CREATE INDEX order_item_by_device_id ON order_item (device_id, id);
CREATE VIRTUAL TABLE order_item_search USING fts5 (description, content = 'order_item', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER order_item_search_insert AFTER INSERT ON order_item BEGIN
  INSERT INTO order_item_search (rowid, description) VALUES (new.row, new.description);
END;
CREATE TRIGGER order_item_search_delete AFTER DELETE ON order_item BEGIN
  INSERT INTO order_item_search (order_item_search, rowid, description) VALUES ('delete', old.row, old.description);
END;
CREATE TRIGGER order_item_search_update AFTER UPDATE OF description ON order_item WHEN old.description IS NOT new.description BEGIN
  INSERT INTO order_item_search (order_item_search, rowid, description) VALUES ('delete', old.row, old.description);
  INSERT INTO order_item_search (rowid, description) VALUES (new.row, new.description);
END;

-- Goods on their way, to a customer or from a supplier.
CREATE TABLE delivery (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  delivery_number TEXT,
  order_id TEXT NOT NULL REFERENCES site_order (id),
  direction TEXT NOT NULL,
  status TEXT NOT NULL,
  customer_id TEXT REFERENCES person (id),
  carrier TEXT,
  tracking_number TEXT,
  shipping_address TEXT,
  expected_at INTEGER,
  shipped_at INTEGER,
  delivered_at INTEGER,
  delivery_notes TEXT,
  recipient TEXT,
  signature TEXT
) STRICT;
CREATE UNIQUE INDEX delivery_delivery_number ON delivery (delivery_number) WHERE delivery_number IS NOT NULL;
CREATE INDEX delivery_by_order_id ON delivery (order_id, id);
CREATE INDEX delivery_by_customer_id ON delivery (customer_id, id);
CREATE INDEX delivery_by_status ON delivery (status, id);
CREATE INDEX delivery_by_direction ON delivery (direction, id);
CREATE INDEX delivery_by_tracking_number ON delivery (tracking_number, id);
CREATE INDEX delivery_by_expected_at ON delivery (expected_at, id);
CREATE INDEX delivery_by_delivered_at ON delivery (delivered_at, id);
CREATE INDEX delivery_by_updated_at ON delivery (updated_at, id);
CREATE VIRTUAL TABLE delivery_search USING fts5 (delivery_number, carrier, tracking_number, shipping_address, delivery_notes, recipient, content = 'delivery', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER delivery_search_insert AFTER INSERT ON delivery BEGIN
  INSERT INTO delivery_search (rowid, delivery_number, carrier, tracking_number, shipping_address, delivery_notes, recipient) VALUES (new.row, new.delivery_number, new.carrier, new.tracking_number, new.shipping_address, new.delivery_notes, new.recipient);
END;
CREATE TRIGGER delivery_search_delete AFTER DELETE ON delivery BEGIN
  INSERT INTO delivery_search (delivery_search, rowid, delivery_number, carrier, tracking_number, shipping_address, delivery_notes, recipient) VALUES ('delete', old.row, old.delivery_number, old.carrier, old.tracking_number, old.shipping_address, old.delivery_notes, old.recipient);
END;
CREATE TRIGGER delivery_search_update AFTER UPDATE OF delivery_number, carrier, tracking_number, shipping_address, delivery_notes, recipient ON delivery WHEN old.delivery_number IS NOT new.delivery_number OR old.carrier IS NOT new.carrier OR old.tracking_number IS NOT new.tracking_number OR old.shipping_address IS NOT new.shipping_address OR old.delivery_notes IS NOT new.delivery_notes OR old.recipient IS NOT new.recipient BEGIN
  INSERT INTO delivery_search (delivery_search, rowid, delivery_number, carrier, tracking_number, shipping_address, delivery_notes, recipient) VALUES ('delete', old.row, old.delivery_number, old.carrier, old.tracking_number, old.shipping_address, old.delivery_notes, old.recipient);
  INSERT INTO delivery_search (rowid, delivery_number, carrier, tracking_number, shipping_address, delivery_notes, recipient) VALUES (new.row, new.delivery_number, new.carrier, new.tracking_number, new.shipping_address, new.delivery_notes, new.recipient);
END;

-- What a delivery holds of an order line.
CREATE TABLE delivery_item (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  delivery_id TEXT NOT NULL REFERENCES delivery (id),
  order_item_id TEXT NOT NULL REFERENCES order_item (id),
  product_id TEXT REFERENCES product (id),
  device_id TEXT REFERENCES device (id),
  serial TEXT,
  secret TEXT,
  mac TEXT,
  quantity INTEGER NOT NULL,
  received INTEGER NOT NULL,
  expected INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_item_by_delivery_id ON delivery_item (delivery_id, id);
CREATE INDEX delivery_item_by_order_item_id ON delivery_item (order_item_id, id);
CREATE INDEX delivery_item_by_product_id ON delivery_item (product_id, id);
CREATE INDEX delivery_item_by_device_id ON delivery_item (device_id, id);
CREATE INDEX delivery_item_by_serial ON delivery_item (serial, id);
CREATE INDEX delivery_item_by_mac ON delivery_item (mac, id);
CREATE INDEX delivery_item_by_expected ON delivery_item (expected, id);
CREATE VIRTUAL TABLE delivery_item_search USING fts5 (serial, mac, content = 'delivery_item', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER delivery_item_search_insert AFTER INSERT ON delivery_item BEGIN
  INSERT INTO delivery_item_search (rowid, serial, mac) VALUES (new.row, new.serial, new.mac);
END;
CREATE TRIGGER delivery_item_search_delete AFTER DELETE ON delivery_item BEGIN
  INSERT INTO delivery_item_search (delivery_item_search, rowid, serial, mac) VALUES ('delete', old.row, old.serial, old.mac);
END;
CREATE TRIGGER delivery_item_search_update AFTER UPDATE OF serial, mac ON delivery_item WHEN old.serial IS NOT new.serial OR old.mac IS NOT new.mac BEGIN
  INSERT INTO delivery_item_search (delivery_item_search, rowid, serial, mac) VALUES ('delete', old.row, old.serial, old.mac);
  INSERT INTO delivery_item_search (rowid, serial, mac) VALUES (new.row, new.serial, new.mac);
END;

-- What was wrong with a delivery.
CREATE TABLE delivery_issue (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  delivery_id TEXT NOT NULL REFERENCES delivery (id),
  delivery_item_id TEXT REFERENCES delivery_item (id),
  kind TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  description TEXT NOT NULL,
  attachment_id TEXT,
  follow_up TEXT NOT NULL,
  follow_up_order_id TEXT REFERENCES site_order (id),
  status TEXT NOT NULL,
  resolution TEXT
) STRICT;
CREATE INDEX delivery_issue_by_delivery_id ON delivery_issue (delivery_id, id);
CREATE INDEX delivery_issue_by_delivery_item_id ON delivery_issue (delivery_item_id, id);
CREATE INDEX delivery_issue_by_status ON delivery_issue (status, id);
CREATE INDEX delivery_issue_by_follow_up_order_id ON delivery_issue (follow_up_order_id, id);
CREATE INDEX delivery_issue_by_attachment_id ON delivery_issue (attachment_id, id);
CREATE VIRTUAL TABLE delivery_issue_search USING fts5 (description, resolution, content = 'delivery_issue', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER delivery_issue_search_insert AFTER INSERT ON delivery_issue BEGIN
  INSERT INTO delivery_issue_search (rowid, description, resolution) VALUES (new.row, new.description, new.resolution);
END;
CREATE TRIGGER delivery_issue_search_delete AFTER DELETE ON delivery_issue BEGIN
  INSERT INTO delivery_issue_search (delivery_issue_search, rowid, description, resolution) VALUES ('delete', old.row, old.description, old.resolution);
END;
CREATE TRIGGER delivery_issue_search_update AFTER UPDATE OF description, resolution ON delivery_issue WHEN old.description IS NOT new.description OR old.resolution IS NOT new.resolution BEGIN
  INSERT INTO delivery_issue_search (delivery_issue_search, rowid, description, resolution) VALUES ('delete', old.row, old.description, old.resolution);
  INSERT INTO delivery_issue_search (rowid, description, resolution) VALUES (new.row, new.description, new.resolution);
END;

-- What is reserved next: the oldest of a product that lies in stock.
CREATE INDEX device_by_age ON device (product_id, status, received_at, id) WHERE product_id IS NOT NULL;
