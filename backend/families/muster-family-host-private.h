/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-family-host.h"
#include "muster-family-scope.h"

G_BEGIN_DECLS

#define MUSTER_FAMILY_KEY_MAX 200 /* bytes of a unit's key */

typedef struct _MusterFamilyOrders MusterFamilyOrders;
typedef struct _MusterFilterBook   MusterFilterBook;

struct _MusterFamilyHost
{
  GObject                     parent_instance;
  MusterMqttClient           *client;   /* (owned) */
  MusterClock                *clock;    /* (owned) */
  char                       *name;     /* (owned) */
  GPtrArray                  *profiles; /* (owned) */
  const MusterFamilyListener *listener;
  gpointer                    listener_data;

  MusterTopicTree    *tree;    /* (owned): → MusterFamilySource */
  GPtrArray          *statics; /* (owned): sources of topics that are the same for all */
  MusterFilterBook   *filters; /* (owned): what is subscribed to */
  GHashTable         *units;   /* (owned): key → (owned) MusterFamilyUnit */
  GHashTable         *origins; /* (owned): topic → (owned) set of keys of units that it describes */
  GHashTable         *changed; /* (owned): set of (owned) units that wait to be told of */
  GHashTable         *pending; /* (owned): unit → (owned) GArray of MusterSample: to be told */
  GHashTable         *followed;  /* (owned): set of units, borrowed */
  GHashTable         *asked;     /* (owned): what was published unasked for → monotonic time */
  GPtrArray          *graveyard; /* (owned): sources that went while a message is dealt with */
  MusterFamilyOrders *orders;    /* (owned) */
  MusterFamilyCounts  counts;
  unsigned            depth; /* of messages being dealt with */
  guint               flush_id;
  guint               tick_id;
};

/* --- muster-family-host.c --- */

MusterFamilyUnit *muster_family_host_ensure (MusterFamilyHost          *self,
                                             const MusterFamilyProfile *profile,
                                             const char                *id);
/* Forgets UNIT, and tells so. */
void muster_family_host_remove (MusterFamilyHost *self, MusterFamilyUnit *unit);
/* UNIT has something to tell soon. */
void muster_family_host_queue (MusterFamilyHost *self, MusterFamilyUnit *unit);
/* Adds SOURCE (taken) to its unit. */
void muster_family_host_add_source (MusterFamilyHost *self, MusterFamilySource *source);
void muster_family_host_remove_source (MusterFamilyHost *self, MusterFamilySource *source);
/* TOPIC describes UNIT no more; a unit that nothing describes goes. */
void muster_family_host_drop_origin (MusterFamilyHost *self,
                                     MusterFamilyUnit *unit,
                                     const char       *topic);
void muster_family_host_add_value (MusterFamilyHost         *self,
                                   MusterFamilyUnit         *unit,
                                   const MusterFamilyMetric *metric);
void muster_family_host_update_life (MusterFamilyHost *self, MusterFamilyUnit *unit);
/* Publishes what MESSAGE says; FALSE where it says nothing. FUTURE (out) (optional). */
gboolean muster_family_host_publish (MusterFamilyHost          *self,
                                     MusterFamilyScope         *scope,
                                     const MusterFamilyMessage *message,
                                     gboolean                   again,
                                     DexFuture                **future);

/* --- muster-family-rules.c --- */

/* Deals with a message of SOURCE's topic. */
void muster_family_host_run (MusterFamilyHost         *self,
                             const MusterFamilySource *source,
                             MusterFamilyScope        *scope);
/* Makes the unit's own topics anew after its variables changed. */
void muster_family_host_bind (MusterFamilyHost *self, MusterFamilyUnit *unit);

/* --- muster-family-describe.c --- */

/* What the payload says of metrics and words, by RULE. */
void muster_family_host_describe (MusterFamilyHost       *self,
                                  MusterFamilyUnit       *unit,
                                  const MusterFamilyRule *rule,
                                  MusterFamilyScope      *scope);
/* Makes or keeps a source of UNIT; FALSE where its topic cannot be. TEXT (nullable): of a template.
 * ONLINE and OFFLINE (nullable) are taken. */
gboolean muster_family_host_ensure_source (MusterFamilyHost       *self,
                                           MusterFamilyUnit       *unit,
                                           MusterFamilySourceKind  kind,
                                           const char             *topic,
                                           const MusterFamilyRule *rule,
                                           const char             *name,
                                           const char             *text,
                                           char                  **online,
                                           char                  **offline,
                                           const char             *origin);

/* --- muster-family-orders.c --- */

MusterFamilyOrders *muster_family_orders_new (void);
void                muster_family_orders_free (MusterFamilyOrders *self);
/* A new value of METRIC came. */
void muster_family_orders_note_value (MusterFamilyOrders       *self,
                                      MusterFamilyUnit         *unit,
                                      const MusterFamilyMetric *metric);
/* An answer came: REQUEST 0: to whatever the unit was asked first. FAILURE (nullable): why not. */
void muster_family_orders_note_answer (MusterFamilyOrders *self,
                                       MusterFamilyUnit   *unit,
                                       gint64              request,
                                       const char         *failure);
/* All of UNIT (nullable: of all) come to nothing. */
void muster_family_orders_abandon (MusterFamilyOrders *self,
                                   MusterFamilyUnit   *unit,
                                   const char         *why);

/* --- muster-filter-book.c --- */

/* Which filters are subscribed to: each once, and none that another one covers, as a broker hands
 * on a message once for each that matches. */
MusterFilterBook *muster_filter_book_new (MusterMqttClient *client);
void              muster_filter_book_free (MusterFilterBook *self);
void              muster_filter_book_add (MusterFilterBook *self, const char *filter, int qos);
void              muster_filter_book_remove (MusterFilterBook *self, const char *filter);
/* The connection was made anew, or is gone. */
void muster_filter_book_reset (MusterFilterBook *self);
/* Subscribes to what is new, and from what is not wanted any more. */
void muster_filter_book_apply (MusterFilterBook *self);

/* --- muster-family-hooks.c --- */

/* The payload as the hook NAME prepares it: (transfer full); NULL: nothing comes of it. */
JsonNode *muster_family_hook_run (const char *name, MusterFamilyScope *scope);

G_END_DECLS
