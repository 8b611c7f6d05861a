/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-database.h"

G_BEGIN_DECLS

/* One setting of the site: the same vocabulary as entities' fields; names with dots:
 * "broker.external-uri". */
typedef struct
{
  const char *key;
  MusterField
    field; /* type STRING, INTEGER, DOUBLE, BOOLEAN or ENUM; its default_value, or NULL text */
  const char *default_text; /* STRING, DOUBLE */
  gboolean    needs_restart;
} MusterSetting;

/* The site's settings, kept in the database (table `setting`, journalled as entity "setting"),
 * changed by the API, and overridden by the [settings] group of the configuration file for sites
 * that are set up by files. */
#define MUSTER_TYPE_SETTINGS (muster_settings_get_type ())
G_DECLARE_FINAL_TYPE (MusterSettings, muster_settings, MUSTER, SETTINGS, GObject)

MusterSettings *muster_settings_new (MusterDatabase *database);
/* TABLE ends with a NULL key and stays. Each room registers its own before loading. */
void muster_settings_register (MusterSettings *self, const MusterSetting *table);
/* Reads them all; CONFIG (nullable) overrides. Resolves to TRUE. Once loaded, getters answer at
 * once. */
DexFuture *muster_settings_load (MusterSettings *self, GKeyFile *config);
/* Reads the overrides again, CONFIG as above: those that it no longer has fall back to what the
 * database holds. Emits `changed::KEY`. Resolves to TRUE; rejects with MUSTER_ERROR_INVALID,
 * nothing changed, when the file has a mistake. */
DexFuture  *muster_settings_reload (MusterSettings *self, GKeyFile *config);
const char *muster_settings_get_string (MusterSettings *self, const char *key);
gint64      muster_settings_get_integer (MusterSettings *self, const char *key);
gboolean    muster_settings_get_boolean (MusterSettings *self, const char *key);
/* Whether a change of KEY works from the daemon's next start only. */
gboolean muster_settings_needs_restart (MusterSettings *self, const char *key);
/* Checks, stores (journalled) and emits `changed::KEY` (also emitted when an undo changes it). TEXT
 * NULL: back to the default. Resolves to TRUE; refuses an overridden one with
 * MUSTER_ERROR_CONFLICT. */
DexFuture *muster_settings_set_text (MusterSettings *self,
                                     MusterActor    *actor,
                                     const char     *key,
                                     const char     *text);
/* Secret ones have a null value.
 * `{"items":[{"key","value","default","type","unit","label","doc","overridden","needs_restart","secret"}…]}`
 */
void muster_settings_encode (MusterSettings *self, GString *json);

G_END_DECLS
