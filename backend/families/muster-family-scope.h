/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-family-unit.h"

G_BEGIN_DECLS

/**
 * MusterFamilyScope:
 *
 * What the templates of a profile may name while one message is dealt with: `value` (the payload as
 * text, or what a command writes), `value_json`, `topic`, `item`, `up`, `key`, `keys`, `request`,
 * `host`; then what the names of the topic's pattern stand for, and the unit's variables.
 */
typedef struct
{
  const char             *host; /* name of ours, for answers to come back to */
  const MusterFamilyUnit *unit; /* (nullable) */
  const char             *topic;
  const char             *text;    /* (nullable) */
  JsonNode               *json;    /* (nullable) */
  JsonNode               *item;    /* (nullable) */
  JsonNode               *up;      /* (nullable) */
  GPtrArray              *keys;    /* (nullable) (element-type utf8) */
  JsonNode               *value;   /* (nullable): of a command */
  gint64                  request; /* of a command; 0: none */
  gint64                  time;    /* UTC microseconds of the values; 0: not told */
  const char *const      *names;   /* (nullable) */
  char                  **captures;
  gboolean                retained;
  gboolean                is_json;     /* the rule takes the payload apart */
  unsigned                n_undefined; /* names that stood for nothing, so far */
} MusterFamilyScope;

/* A MusterTemplateLookup whose data is a scope. */
JsonNode *muster_family_scope_look_up (const char *name, gpointer scope);

char    *muster_family_scope_get_text (MusterFamilyScope *self, const MusterFamilyValue *value);
gboolean muster_family_scope_holds (MusterFamilyScope *self, const MusterFamilyValue *value);
/* (transfer full); NULL where it yields nothing. */
JsonNode *muster_family_scope_get_node (MusterFamilyScope *self, const MusterFamilyValue *value);
/* NAN where it yields no number. */
double muster_family_scope_get_number (MusterFamilyScope *self, const MusterFamilyValue *value);
/* Text, or an array of texts: (transfer full); NULL where it yields nothing. */
char **muster_family_scope_get_texts (MusterFamilyScope *self, const MusterFamilyValue *value);

/* Calls FUNC with `item`, `up`, `key` and `keys` set for each that PATH finds in the present item,
 * or the payload: members by name, `*` for all of them; without PATH (nullable) once, as it is. */
typedef void (*MusterFamilyScopeFunc) (MusterFamilyScope *self, gpointer user_data);
void muster_family_scope_each (MusterFamilyScope    *self,
                               const char           *path,
                               MusterFamilyScopeFunc func,
                               gpointer              user_data);

G_END_DECLS
