/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A record that was gone to lately. */
typedef struct
{
  char *kind, *id, *title; /* (owned) */
} MusterRecent;

/* The newest first: (transfer full) (element-type MusterRecent). SETTINGS (nullable): there are
 * none. */
GPtrArray *muster_recent_list (GSettings *settings);
/* Puts one first; the oldest makes room. */
void muster_recent_note (GSettings *settings, const char *kind, const char *id, const char *title);

G_END_DECLS
