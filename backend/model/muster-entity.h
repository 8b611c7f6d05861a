/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

#include "muster-error.h"
#include "muster-field.h"
#include "muster-state-machine.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_ENTITY_PLAIN = 0,
  MUSTER_ENTITY_TRANSIENT = 1 << 0, /* lives in memory: no table */
  MUSTER_ENTITY_UNJOURNALLED =
    1 << 1,                     /* an observation, not a decision: stored, never journalled */
  MUSTER_ENTITY_FINAL = 1 << 2, /* journalled, but its changes cannot be undone */
} MusterEntityFlags;

/**
 * MusterEntityInfo:
 *
 * The vocabulary of one kind of record. The first four fields of every stored entity are `id`
 * (UUIDv7), `created_at`, `updated_at` (times) and `revision` (integer, 1 at creation, +1 with each
 * change, the ETag): MUSTER_ENTITY_BASE_FIELDS puts them there.
 */
typedef struct
{
  const char               *name;   /* "device": in the journal, in references */
  const char               *table;  /* "device": SQL table */
  const char               *path;   /* "devices": collection in the API */
  const char               *schema; /* "Device": OpenAPI component */
  const char               *doc;
  MusterEntityFlags         flags;
  const MusterField        *fields; /* (array length=n_fields) */
  unsigned                  n_fields;
  const MusterStateMachine *machine;       /* of the field `machine_field`, or NULL */
  const char               *machine_field; /* an ENUM field, or NULL */
  const char               *title_field;   /* what names the record to a person: "name" */
  /* What to do with a record that others keep from being deleted, or NULL: "mark it as retired". */
  const char *instead;
  GType (*get_type) (void);
} MusterEntityInfo;

/* clang-format off */
#define MUSTER_ENTITY_BASE_FIELDS \
  { "id", MUSTER_FIELD_UUID, MUSTER_FIELD_READ_ONLY, .label = N_("Identifier"), .doc = "Identifier (UUIDv7): sorts by time of creation." }, \
  { "created_at", MUSTER_FIELD_TIME, MUSTER_FIELD_READ_ONLY, .label = N_("Created"), .doc = "When the record was made." }, \
  { "updated_at", MUSTER_FIELD_TIME, MUSTER_FIELD_READ_ONLY, .label = N_("Changed"), .doc = "When the record last changed." }, \
  { "revision", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .minimum = 1, .maximum = G_MAXINT64, .label = N_("Revision"), .doc = "Counts changes; the entity tag." }
/* clang-format on */

/* Positions of the base fields. */
enum
{
  MUSTER_ENTITY_FIELD_ID,
  MUSTER_ENTITY_FIELD_CREATED_AT,
  MUSTER_ENTITY_FIELD_UPDATED_AT,
  MUSTER_ENTITY_FIELD_REVISION,
};

/* The position of the field NAME in the table, or -1. Hashed once an info. */
int muster_entity_info_find (const MusterEntityInfo *info, const char *name);

/* A record. The values live in one array along the table, so that codec, repository and forms need
 * no code a field. */
#define MUSTER_TYPE_ENTITY (muster_entity_get_type ())
G_DECLARE_DERIVABLE_TYPE (MusterEntity, muster_entity, MUSTER, ENTITY, GObject)

struct _MusterEntityClass
{
  GObjectClass            parent_class;
  const MusterEntityInfo *info;
  GParamSpec            **properties; /* [0] unused, then along info->fields */
};

/* For class_init of a subclass: sets the info and installs one GObject property a field. */
void muster_entity_class_set_info (MusterEntityClass *klass, const MusterEntityInfo *info);

MusterEntity           *muster_entity_new (const MusterEntityInfo *info);
MusterEntity           *muster_entity_copy (MusterEntity *self);
const MusterEntityInfo *muster_entity_get_info (MusterEntity *self);
gboolean                muster_entity_equal (MusterEntity *a, MusterEntity *b);

/* By name; a wrong name or type is a programmer's error. Strings are borrowed until the next set.
 * A null reads as NULL, 0, NAN (doubles) or FALSE. */
gboolean    muster_entity_is_null (MusterEntity *self, const char *field);
const char *muster_entity_get_string (MusterEntity *self,
                                      const char *field); /* STRING TEXT UUID JSON, ENUM as nick */
gint64      muster_entity_get_integer (MusterEntity *self,
                                       const char   *field); /* INTEGER TIME BOOLEAN ENUM */
double      muster_entity_get_double (MusterEntity *self, const char *field);
gboolean    muster_entity_get_boolean (MusterEntity *self, const char *field);
int         muster_entity_get_enum (MusterEntity *self, const char *field);
const char *muster_entity_get_id (MusterEntity *self);
gint64      muster_entity_get_revision (MusterEntity *self);

/* Emit notify only where the value changes. Unchecked against range: the codec checks input, code
 * is trusted. */
void muster_entity_set_null (MusterEntity *self, const char *field);
void muster_entity_set_string (MusterEntity *self,
                               const char   *field,
                               const char   *value); /* NULL: null; ENUM takes the nick */
void muster_entity_set_integer (MusterEntity *self, const char *field, gint64 value);
void muster_entity_set_double (MusterEntity *self, const char *field, double value);
void muster_entity_set_boolean (MusterEntity *self, const char *field, gboolean value);
void muster_entity_set_enum (MusterEntity *self, const char *field, int value);

/* One raw value, for codecs and the repository, which walk the table by position. */
typedef struct
{
  gboolean is_null;
  union
  {
    gint64 integer; /* INTEGER TIME BOOLEAN ENUM */
    double number;  /* DOUBLE */
    char  *text;    /* STRING TEXT UUID JSON */
  };
} MusterValue;

const MusterValue *muster_entity_peek (MusterEntity *self, unsigned index);
/* Takes VALUE's text. */
void muster_entity_take (MusterEntity *self, unsigned index, MusterValue *value);

/* --- JSON codec (muster-entity-json.c) --- */

typedef enum
{
  MUSTER_DECODE_CREATE,  /* a request that makes a record: required fields must be there, read-only
                            ones are refused */
  MUSTER_DECODE_REPLACE, /* a request that changes one: fields given are set, others stay; immutable
                            ones refused unless equal */
  MUSTER_DECODE_TRUSTED, /* from our own daemon or journal: every field is taken, unknown ones are
                            ignored */
} MusterDecodeMode;

/* Reads OBJECT's members into SELF. Nothing is changed on failure. ERROR lists every refused field,
 * its pointer prefixed by PREFIX (may be ""): unknown member, wrong type, null, too short or long,
 * out of range, unknown nick. */
gboolean muster_entity_decode (MusterEntity    *self,
                               JsonObject      *object,
                               MusterDecodeMode mode,
                               const char      *prefix,
                               GError         **error);

/* A new entity from the daemon's JSON (MUSTER_DECODE_TRUSTED). */
MusterEntity *muster_entity_new_from_json (const MusterEntityInfo *info,
                                           JsonObject             *object,
                                           GError                **error);

/* Appends SELF as a JSON object; secret fields are left out. */
void muster_entity_encode (MusterEntity *self, GString *json);

/* Appends one field's value as JSON. */
void muster_field_encode_value (const MusterField *field, const MusterValue *value, GString *json);

/* Checks and reads one JSON value; adds to ERRORS at POINTER on refusal. OUT's text is owned by the
 * caller. */
gboolean muster_field_decode_value (const MusterField *field,
                                    JsonNode          *node,
                                    const char        *pointer,
                                    MusterValue       *out,
                                    MusterFieldErrors *errors);

/* From text (query parameter, CSV cell, form row): the same checks. */
gboolean muster_field_decode_text (const MusterField *field,
                                   const char        *text,
                                   const char        *pointer,
                                   MusterValue       *out,
                                   MusterFieldErrors *errors);
/* For a CSV cell or a form row; "" for null. */
char *muster_field_format_text (const MusterField *field, const MusterValue *value);

/* Frees what VALUE holds as FIELD's and makes it null. */
void muster_value_clear (const MusterField *field, MusterValue *value);
/* Whether VALUE's `text` is the member in use. */
gboolean muster_field_is_text (const MusterField *field);
/* Whether it is null in a record that is new. */
gboolean muster_field_begins_null (const MusterField *field);
gboolean muster_value_equal (const MusterField *field, const MusterValue *a, const MusterValue *b);

/* The schema of one field alone, as a query parameter or a member of another shape. */
void muster_field_append_schema (const MusterField *field, GString *json);

/* Appends the JSON Schema (OpenAPI 3.1 dialect) of one record, as answered or (for_request) as
 * taken. */
void muster_entity_info_append_schema (const MusterEntityInfo *info,
                                       gboolean                for_request,
                                       GString                *json);

/* CSV (RFC 4180) by the table: header, one row a record; secret fields left out. */
void muster_entity_info_append_csv_header (const MusterEntityInfo *info, GString *csv);
void muster_entity_append_csv (MusterEntity *self, GString *csv);

/* One cell, quoted where need be. IS_TEXT: what people wrote, so that a spreadsheet must not take
 * it for a formula. */
void muster_csv_append_cell (GString *csv, const char *text, gboolean is_text);

/* Appends TEXT as a JSON string with quotes; invalid UTF-8 is replaced by U+FFFD. LENGTH -1: to the
 * NUL. */
void muster_json_append_string (GString *json, const char *text, gssize length);
/* The JSON pointer (RFC 6901) of member NAME of the object at POINTER: (transfer full). */
char *muster_json_pointer_append (const char *pointer, const char *name);
void  muster_json_append_integer (GString *json, gint64 value);
/* The shortest form that reads back the same bits; the value must be finite. */
void muster_json_append_double (GString *json, double value);

G_END_DECLS
