/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "messaging/muster-sparkplug-session.h"
#include "model/muster-metric.h"
#include "model/muster-sample.h"
#include "muster-family-life.h"
#include "muster-family-profile.h"

G_BEGIN_DECLS

#define MUSTER_FAMILY_MAX_METRICS 1000 /* of a unit */
#define MUSTER_FAMILY_MAX_SOURCES 2000 /* of a unit */

typedef struct _MusterFamilyUnit MusterFamilyUnit;

/* A metric of a unit, described or found in what it sends. */
typedef struct
{
  char           *name;
  MusterDatatype  datatype;
  char           *unit;        /* (nullable) */
  char           *description; /* (nullable) */
  double          minimum;     /* NAN: none */
  double          maximum;     /* NAN: none */
  double          scale;
  gboolean        writable;
  char           *on;            /* (nullable) */
  char           *off;           /* (nullable) */
  char           *origin;        /* (nullable): the topic that describes it; NULL: nothing does */
  char           *command_topic; /* (nullable) */
  char           *command_text;  /* (nullable): of its template */
  MusterTemplate *command_template; /* (nullable) */
  double          expire_after;     /* seconds; 0: not told */
  gboolean        has_topic;        /* a topic of its own brings its values */
  MusterSample    value;            /* the last, its text owned; time 0: none yet */
  gboolean        is_stale;         /* while its origin is read anew: not there so far */
} MusterFamilyMetric;

typedef enum
{
  MUSTER_FAMILY_SOURCE_RULE,  /* of the profile's topics */
  MUSTER_FAMILY_SOURCE_VALUE, /* of one metric */
  MUSTER_FAMILY_SOURCE_LIFE,  /* a word */
} MusterFamilySourceKind;

/* A topic of a unit's own. */
typedef struct
{
  MusterFamilyUnit          *unit; /* (nullable): borrowed; NULL: the topic is the same for all */
  const MusterFamilyProfile *profile; /* borrowed */
  MusterFamilySourceKind     kind;
  MusterTopicPattern        *pattern;
  char                      *topic;
  const MusterFamilyRule    *rule; /* of RULE */
  char                      *name; /* of VALUE: the metric; of LIFE: the word's source */
  char                      *text; /* (nullable): of the template */
  MusterTemplate *template;        /* (nullable) */
  char   **online;                 /* (nullable): of LIFE */
  char   **offline;                /* (nullable) */
  char    *origin;                 /* the topic that describes it; "" for RULE */
  gboolean is_stale;
} MusterFamilySource;

/* One device as its family knows it. */
struct _MusterFamilyUnit
{
  gatomicrefcount            ref_count;
  const MusterFamilyProfile *profile;   /* borrowed: profiles outlive units */
  char                      *key;       /* "tasmota:A8032AB12345" */
  GHashTable                *facts;     /* name → text: mac, serial, id, name, model … */
  GHashTable                *variables; /* name → text */
  GHashTable                *metrics;   /* name → MusterFamilyMetric */
  GPtrArray                 *sources;   /* (element-type MusterFamilySource) */
  GHashTable                *origins;   /* set of topics that describe it */
  MusterFamilyLife          *life;
  GHashTable                *ignored;      /* set of names of values that are nobody's business */
  gint64                     expiry;       /* the longest that any of its metrics may be silent */
  gboolean                   is_described; /* enough is known to show it */
  gboolean                   facts_changed;
  gboolean                   metrics_changed;
  gboolean                   variables_changed;
};

MusterFamilyUnit *muster_family_unit_new (const MusterFamilyProfile *profile, const char *key);
MusterFamilyUnit *muster_family_unit_ref (MusterFamilyUnit *self);
void              muster_family_unit_unref (MusterFamilyUnit *self);

/* NULL: not known. Borrowed. */
const char *muster_family_unit_get_fact (const MusterFamilyUnit *self, const char *name);
const char *muster_family_unit_get_variable (const MusterFamilyUnit *self, const char *name);
/* VALUE NULL changes nothing: what is not said is not unsaid. */
void muster_family_unit_set_fact (MusterFamilyUnit *self, const char *name, const char *value);
void muster_family_unit_set_variable (MusterFamilyUnit *self, const char *name, const char *value);

/* NULL: there is none. Borrowed. */
MusterFamilyMetric *muster_family_unit_find_metric (const MusterFamilyUnit *self, const char *name);
/* The same, made where there is none, with what the profile knows by its name; NULL when it has too
 * many, or the name cannot be. */
MusterFamilyMetric *muster_family_unit_ensure_metric (MusterFamilyUnit *self,
                                                      const char       *name,
                                                      MusterDatatype    datatype);
void muster_family_metric_set_text (MusterFamilyUnit *unit, char **field, const char *value);
/* Keeps VALUE as the metric's last. */
void muster_family_metric_keep (MusterFamilyMetric *self, const MusterSample *value);
/* The rule by which NAME is written, with what the names of its pattern stand for: CAPTURES
 * (transfer full); NULL: by none. */
const MusterFamilyCommandRule *muster_family_unit_find_command (const MusterFamilyUnit *self,
                                                                const char             *name,
                                                                char                 ***captures);
/* Whether a command may write METRIC. */
gboolean muster_family_unit_can_write (const MusterFamilyUnit   *self,
                                       const MusterFamilyMetric *metric);

/* Everything as a birth declares it: (transfer full) (element-type MusterSparkplugMetricInfo),
 * valid as long as the metrics stay as they are. */
GArray *muster_family_unit_list_metrics (const MusterFamilyUnit *self);

void muster_family_source_free (MusterFamilySource *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterFamilyUnit, muster_family_unit_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterFamilySource, muster_family_source_free)

G_END_DECLS
