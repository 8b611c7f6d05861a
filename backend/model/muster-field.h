/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* How a value is held, stored and written. JSON and SQLite forms in brackets. */
typedef enum
{
  MUSTER_FIELD_STRING,  /* one line of text             (string; TEXT) */
  MUSTER_FIELD_TEXT,    /* text of several lines        (string; TEXT) */
  MUSTER_FIELD_INTEGER, /* signed 64 bits               (number; INTEGER) */
  MUSTER_FIELD_DOUBLE,  /* finite IEEE 754 double       (number; REAL) */
  MUSTER_FIELD_BOOLEAN, /* true or false                (boolean; INTEGER 0/1) */
  MUSTER_FIELD_ENUM,    /* one nick of a MusterEnum     (string; TEXT nick) */
  MUSTER_FIELD_TIME,    /* UTC microseconds since 1970  (string, ISO 8601 with ms and Z; INTEGER) */
  MUSTER_FIELD_UUID,    /* UUID, lower case             (string; TEXT) */
  MUSTER_FIELD_JSON,    /* any JSON value               (as it is; TEXT) */
  MUSTER_FIELD_MONEY,   /* an amount: see muster-money.h (string, decimal; INTEGER) */
} MusterFieldType;

typedef enum
{
  MUSTER_FIELD_PLAIN = 0,
  MUSTER_FIELD_NULLABLE = 1 << 0,  /* may be null; absent at creation means null */
  MUSTER_FIELD_REQUIRED = 1 << 1,  /* must be given at creation */
  MUSTER_FIELD_READ_ONLY = 1 << 2, /* the daemon alone sets it; refused in requests */
  MUSTER_FIELD_IMMUTABLE = 1 << 3, /* given at creation, refused in updates unless equal */
  MUSTER_FIELD_SECRET =
    1 << 4, /* stored and writable, never written to JSON, CSV, journal or log */
  MUSTER_FIELD_SEARCHABLE = 1 << 5, /* part of the full-text index behind `q` */
  MUSTER_FIELD_UNIQUE = 1 << 6,     /* no two records share a non-null value */
  MUSTER_FIELD_VOLATILE =
    1 << 7, /* live state: stored for filtering, never journalled, never undone */
  MUSTER_FIELD_CASCADE =
    1 << 8, /* goes with what it points at, though it may also point at nothing */
  MUSTER_FIELD_RESTRICT = 1 << 9, /* what it points at cannot be deleted as long as it does */
} MusterFieldFlags;

/* The nicks of an enumeration in the order of their values 0, 1, 2 …; ended by a NULL nick. */
typedef struct
{
  const char *nick;  /* on the wire and in the database */
  const char *label; /* on the screen, N_() marked */
} MusterEnumValue;

typedef struct
{
  const char            *name; /* schema name, CamelCase */
  const MusterEnumValue *values;
} MusterEnum;

const char *muster_enum_get_nick (const MusterEnum *self, int value);
const char *muster_enum_get_label (const MusterEnum *self, int value);
/* -1 where there is no such nick */
int      muster_enum_parse (const MusterEnum *self, const char *nick);
unsigned muster_enum_get_count (const MusterEnum *self);

/**
 * MusterField:
 *
 * One property of an entity: at once the GObject property, the database column, the JSON member,
 * the member of the OpenAPI schema, the CSV column and the form row. Adding one is adding one line
 * to its entity's table.
 */
typedef struct
{
  const char *name; /* snake_case: column, JSON member, CSV header; with dashes: GObject property */
  MusterFieldType  type;
  MusterFieldFlags flags;
  gint64           minimum; /* INTEGER: least value; STRING, TEXT: least length in characters */
  gint64 maximum; /* INTEGER: greatest value; STRING, TEXT: greatest length; 0 and 0: unbounded */
  const MusterEnum *enumeration;   /* ENUM only */
  int               default_value; /* ENUM, BOOLEAN, INTEGER, DOUBLE: value of a new record */
  const char       *default_text;  /* STRING, TEXT: likewise, or NULL */
  const char       *references;    /* UUID: entity name of what it points at, or NULL */
  const char       *unit;          /* UCUM-like unit shown behind the number, or NULL */
  const char
    *format; /* STRING: "mac", "hostname", "address", "email", "secret" … checked; or NULL */
  const char *label; /* form row and column title, N_() marked */
  const char *doc;   /* one sentence: schema description, tooltip */
} MusterField;

G_END_DECLS
