/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "muster-template.h"
#include "muster-topic-pattern.h"

G_BEGIN_DECLS

/**
 * MusterFamilyValue:
 *
 * A value in a profile. Text with `{{` or `{%` in it is a template; objects and arrays hold values
 * in turn; everything else stands for itself.
 */
typedef struct _MusterFamilyValue MusterFamilyValue;

/* FALSE with an error when a template yields nothing; RESULT (transfer full) may be NULL:
 * undefined. SELF (nullable) NULL: undefined. */
gboolean muster_family_value_evaluate (const MusterFamilyValue *self,
                                       MusterTemplateLookup     lookup,
                                       gpointer                 user_data,
                                       JsonNode               **result,
                                       GError                 **error);
/* As text: (transfer full); NULL where it yields nothing, is undefined or empty. */
char *muster_family_value_to_text (const MusterFamilyValue *self,
                                   MusterTemplateLookup     lookup,
                                   gpointer                 user_data);
/* Whether it counts as true: without SELF (nullable) it does. */
gboolean muster_family_value_holds (const MusterFamilyValue *self,
                                    MusterTemplateLookup     lookup,
                                    gpointer                 user_data);

/* What describes a metric. Every value is evaluated where the description arrives, with `item` for
 * each that `each` finds, `up` for what lies around it and `key` for its name or index. */
typedef struct
{
  char              *each; /* (nullable): path in the payload, `*` for every member or element */
  MusterFamilyValue *condition;
  MusterFamilyValue *name;
  MusterFamilyValue *datatype; /* nick of Datatype */
  MusterFamilyValue *unit;
  MusterFamilyValue *minimum;
  MusterFamilyValue *maximum;
  MusterFamilyValue *writable;
  MusterFamilyValue *description;
  MusterFamilyValue *on;       /* how the device writes true */
  MusterFamilyValue *off;      /* and false */
  MusterFamilyValue *topic;    /* where its value comes, unless a rule of the profile brings it */
  MusterFamilyValue *template; /* text of the template that reads it from there */
  MusterFamilyValue
    *expire_after; /* seconds without a value after which the device counts as gone */
  MusterFamilyValue *command_topic;
  MusterFamilyValue *command_template; /* text of the template that writes `value` */
} MusterFamilyMetricRule;

/* What brings values: one metric, or all that lie in a part of a JSON payload. */
typedef struct
{
  MusterFamilyValue *condition;
  MusterFamilyValue *metric;
  MusterFamilyValue *value;
  MusterFamilyValue *flatten;  /* the part */
  MusterFamilyValue *prefix;   /* of the names of its metrics */
  gboolean           declared; /* only metrics that were described */
} MusterFamilyValueRule;

/* What tells whether a unit is there. */
typedef struct
{
  char              *each;
  MusterFamilyValue *condition;
  MusterFamilyValue *group;    /* sources of one group speak together, by their mode */
  MusterFamilyValue *mode;     /* all, any, latest */
  MusterFamilyValue *topic;    /* NULL: the topic of the rule itself */
  MusterFamilyValue *template; /* text of the template that reads it from there */
  MusterFamilyValue *value;    /* of the rule's own topic */
  MusterFamilyValue *online;   /* text or array of texts */
  MusterFamilyValue *offline;
} MusterFamilyLifeRule;

/* Something to publish; never retained. */
typedef struct
{
  MusterFamilyValue *condition;
  MusterFamilyValue *topic;
  MusterFamilyValue *payload;
} MusterFamilyMessage;

typedef enum
{
  MUSTER_FAMILY_CONFIRM_STATE,  /* the metric takes the value that was written */
  MUSTER_FAMILY_CONFIRM_ANSWER, /* an answer with the request's number comes */
  MUSTER_FAMILY_CONFIRM_SENT,   /* nothing more can be known */
} MusterFamilyConfirm;

/* How a metric is written, or an action is done. */
typedef struct
{
  MusterTopicPattern *metric;  /* (nullable): its name; captures may be used */
  char               *action;  /* (nullable): nick of CommandKind */
  MusterFamilyMessage message; /* with `value` and `request`, a number of its own */
  MusterFamilyConfirm confirm;
} MusterFamilyCommandRule;

/* What is known of metrics by their names alone. */
typedef struct
{
  GPatternSpec      *glob;
  MusterFamilyValue *unit;
  char              *datatype;    /* (nullable) */
  char              *description; /* (nullable) */
  double             minimum;     /* NAN: none */
  double             maximum;     /* NAN: none */
  double             scale;       /* values are multiplied by it */
  gboolean           ignored;
} MusterFamilyQuantity;

typedef enum
{
  MUSTER_FAMILY_TEXT,
  MUSTER_FAMILY_JSON,
} MusterFamilyFormat;

/* What to do with messages of one topic. */
typedef struct
{
  MusterFamilyValue  *topic;   /* text of a MusterTopicPattern */
  MusterTopicPattern *pattern; /* (nullable): of a topic that is the same for all */
  MusterFamilyFormat  format;
  char               *hook; /* (nullable): code that prepares the payload */
  MusterFamilyValue  *condition;
  char               *each;      /* (nullable): every unit that the payload describes */
  MusterFamilyValue  *unit;      /* which unit it is of */
  gboolean            describes; /* makes the unit known; empty: it is no more */
  gboolean            removes;   /* empty: what it is of is no more, whatever else describes it */
  GHashTable         *facts;     /* name → MusterFamilyValue */
  GHashTable         *variables; /* name → MusterFamilyValue */
  GPtrArray          *metrics;
  GPtrArray          *values;
  GPtrArray          *life;
  GPtrArray          *messages;
  MusterFamilyValue  *time;    /* seconds or milliseconds since 1970, or ISO 8601 */
  MusterFamilyValue  *answer;  /* the number of the request that it answers */
  MusterFamilyValue  *failure; /* why it could not be done: text */
} MusterFamilyRule;

/**
 * MusterFamilyProfile:
 *
 * How devices of one family are found, read and written over MQTT: a file of data/mqtt-families.
 * Immutable.
 */
typedef struct
{
  char      *family;
  char      *title;
  char     **account;    /* rights at the broker, `{user}` for the account's name */
  char     **help;       /* how to make a device of it come here, a line each */
  GPtrArray *hello;      /* MusterFamilyMessage: published whenever the connection is made */
  GPtrArray *rules;      /* MusterFamilyRule: of topics that are the same for all */
  GPtrArray *topics;     /* MusterFamilyRule: of each unit's own topics */
  GPtrArray *commands;   /* MusterFamilyCommandRule */
  GPtrArray *quantities; /* MusterFamilyQuantity, the first that matches counts */
} MusterFamilyProfile;

#define MUSTER_TYPE_FAMILY_PROFILE (muster_family_profile_get_type ())
GType muster_family_profile_get_type (void);
/* MUSTER_ERROR_INVALID names the member by its path. */
MusterFamilyProfile *muster_family_profile_new_from_json (const char *json,
                                                          gssize      length,
                                                          GError    **error);
void                 muster_family_profile_free (MusterFamilyProfile *self);
/* Those that are built in: (transfer full) (element-type MusterFamilyProfile). */
GPtrArray *muster_family_profiles_load (void);

/* What an account of FAMILY called USERNAME may do at the broker, as MusterBrokerAccount's rules:
 * (transfer full); NULL: there is no such family. PROFILES: the array of them. */
char **muster_family_profiles_list_rules (const char *family,
                                          const char *username,
                                          gpointer    profiles);

/* NULL: nothing is known of a metric of that name. Borrowed. */
const MusterFamilyQuantity *muster_family_profile_find_quantity (const MusterFamilyProfile *self,
                                                                 const char                *metric);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterFamilyProfile, muster_family_profile_free)

G_END_DECLS
