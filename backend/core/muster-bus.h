/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Topics. Core passes them on and knows nothing of what they carry. */
#define MUSTER_TOPIC_JOURNAL                                                                       \
  "journal" /* payload MusterJournalEntry; subject = entity id, details = { entity name } */
#define MUSTER_TOPIC_JOURNAL_MANY                                                                  \
  "journal-many" /* payload MusterJournalMany: the live stream tells it instead of many entries */
#define MUSTER_TOPIC_TELEMETRY                                                                     \
  "telemetry" /* payload MusterSampleBatch; subject = device id, details = metric names */
#define MUSTER_TOPIC_DISCOVERY "discovery" /* payload MusterCandidate;   subject = key */
#define MUSTER_TOPIC_LIVE                                                                          \
  "live" /* payload MusterLive…;       subject = device id: live state and proofs */
#define MUSTER_TOPIC_EVENTS "events" /* payload MusterDeviceEvent; subject = device id */
#define MUSTER_TOPIC_JOBS "jobs"     /* long work; subject = job id */
#define MUSTER_TOPIC_UPDATES                                                                       \
  "updates" /* payload MusterFirmwareUpdate, progress and all; subject = device id */
#define MUSTER_TOPIC_ALERTS                                                                        \
  "alerts" /* payload MusterAlertNotice, {"kind":"silence-ends","silence_id","reason","ends_at"};  \
              subject = id of the silence. What becomes of alerts is told by the journal */
#define MUSTER_TOPIC_NOTIFICATION                                                                  \
  "notification" /* for consoles and kiosks; subject = alert id, details = { kind of channel } */

typedef struct _MusterEvent MusterEvent;

/* Appends the event's `data` as a JSON object. DETAILS (element-type utf8 utf8, a set) is what a
 * subscriber asked for, or NULL for all. Returns FALSE, with nothing appended, when nothing of it
 * matches. */
typedef gboolean (*MusterEventEncode) (MusterEvent *event, GHashTable *details, GString *json);

/**
 * MusterEvent:
 *
 * Something that happened, on its way to whoever listens. Immutable, reference counted, main thread
 * only. A live stream that cannot keep up replaces a waiting event by a newer one with the same
 * coalescing key.
 */
#define MUSTER_TYPE_EVENT (muster_event_get_type ())
GType muster_event_get_type (void);
/* TOPIC is a static string. PAYLOAD is referenced (a GObject). SUBJECT and COALESCE_KEY may be
 * NULL. SEQUENCE: position in the journal, or 0. */
MusterEvent *muster_event_new (const char       *topic,
                               const char       *subject,
                               const char       *coalesce_key,
                               gint64            sequence,
                               GObject          *payload,
                               MusterEventEncode encode);
MusterEvent *muster_event_ref (MusterEvent *self);
void         muster_event_unref (MusterEvent *self);
const char  *muster_event_get_topic (MusterEvent *self);
const char  *muster_event_get_subject (MusterEvent *self);
const char  *muster_event_get_coalesce_key (MusterEvent *self);
gint64       muster_event_get_sequence (MusterEvent *self);
gpointer     muster_event_get_payload (MusterEvent *self);
/* The whole event's `data`, encoded once and kept: (transfer none). */
GBytes  *muster_event_get_json (MusterEvent *self);
gboolean muster_event_encode (MusterEvent *self, GHashTable *details, GString *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterEvent, muster_event_unref)

/* The daemon's one event bus. Main thread only; delivery is synchronous, in order of subscription.
 */
#define MUSTER_TYPE_BUS (muster_bus_get_type ())
G_DECLARE_FINAL_TYPE (MusterBus, muster_bus, MUSTER, BUS, GObject)

typedef void (*MusterBusCallback) (MusterEvent *event, gpointer user_data);

MusterBus *muster_bus_new (void);
void       muster_bus_publish (MusterBus *self, MusterEvent *event);
/* Whether anybody would get an event of TOPIC: lets a hot path skip building it. */
gboolean muster_bus_has_subscribers (MusterBus *self, const char *topic);
/* TOPIC NULL: every topic. Ends by itself when OWNER is finalized; returns an id for
 * muster_bus_unsubscribe(). */
unsigned muster_bus_subscribe (MusterBus        *self,
                               const char       *topic,
                               GObject          *owner,
                               MusterBusCallback callback,
                               gpointer          user_data);
void     muster_bus_unsubscribe (MusterBus *self, unsigned id);

G_END_DECLS
