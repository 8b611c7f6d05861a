/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "messaging/muster-mqtt-client.h"
#include "muster-family-unit.h"

G_BEGIN_DECLS

#define MUSTER_FAMILY_MAX_UNITS 10000

/* What is told of units; all borrowed for the call. */
typedef struct
{
  /* A unit is known, or what is known of it changed. */
  void (*found) (MusterFamilyUnit *unit, gpointer user_data);
  /* Nothing describes it any more. */
  void (*removed) (MusterFamilyUnit *unit, gpointer user_data);
  /* The metrics of a unit that is followed changed. */
  void (*described) (MusterFamilyUnit *unit, gpointer user_data);
  /* Values of a unit that is followed: text is valid for the call. */
  void (*values) (MusterFamilyUnit   *unit,
                  const MusterSample *samples,
                  unsigned            n_samples,
                  gpointer            user_data);
  /* Its state changed, or a value or word proved it anew. */
  void (*life) (MusterFamilyUnit *unit, gpointer user_data);
} MusterFamilyListener;

typedef struct
{
  guint64 messages;  /* that some profile wanted */
  guint64 malformed; /* payloads that could not be read */
  guint64 samples;   /* handed on */
  guint64 dropped;   /* values beyond the limits */
} MusterFamilyCounts;

/**
 * MusterFamilyHost:
 *
 * Devices that speak MQTT in their own ways, by the profiles of their families: it subscribes to
 * what they publish, finds out what they are, reads their values and writes them. Knows nothing of
 * records. Main thread only.
 */
#define MUSTER_TYPE_FAMILY_HOST (muster_family_host_get_type ())
G_DECLARE_FINAL_TYPE (MusterFamilyHost, muster_family_host, MUSTER, FAMILY_HOST, GObject)

/* NAME: of ours among the clients of the broker, for answers to come back to. PROFILES
 * (element-type MusterFamilyProfile) are referenced; LISTENER (borrowed) must outlive it. */
MusterFamilyHost *muster_family_host_new (MusterMqttClient           *client,
                                          MusterClock                *clock,
                                          const char                 *name,
                                          GPtrArray                  *profiles,
                                          const MusterFamilyListener *listener,
                                          gpointer                    user_data);
/* Hands on at once what waits to be handed on. */
void muster_family_host_flush (MusterFamilyHost *self);
/* Draws the conclusions that are due by the clock; a timer calls it. */
void muster_family_host_tick (MusterFamilyHost *self);

/* NULL: there is none. Borrowed. */
MusterFamilyUnit *muster_family_host_find (MusterFamilyHost *self, const char *key);
/* (element-type MusterFamilyProfile): borrowed. */
GPtrArray *muster_family_host_get_profiles (MusterFamilyHost *self);
/* (transfer container) (element-type MusterFamilyUnit) */
GPtrArray                *muster_family_host_list (MusterFamilyHost *self);
const MusterFamilyCounts *muster_family_host_get_counts (MusterFamilyHost *self);
/* Whether metrics and values of UNIT are wanted: those known are told first. */
void muster_family_host_follow (MusterFamilyHost *self, MusterFamilyUnit *unit, gboolean follow);

/* Resolves to TRUE once the unit confirmed VALUE, TIMEOUT in microseconds. Rejects with
 * MUSTER_ERROR_NOT_FOUND (no such metric), _CONFLICT (cannot be written, or the unit is offline),
 * _FAILED (the unit refused), _TIMED_OUT, _UNAVAILABLE. */
DexFuture *muster_family_host_write (MusterFamilyHost   *self,
                                     MusterFamilyUnit   *unit,
                                     const char         *metric,
                                     const MusterSample *value,
                                     gint64              timeout);
/* Does ACTION (nick of CommandKind) in the family's way: the same errors. */
DexFuture *muster_family_host_act (MusterFamilyHost *self,
                                   MusterFamilyUnit *unit,
                                   const char       *action,
                                   gint64            timeout);

G_END_DECLS
