/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "muster-victoria-config.h"

G_BEGIN_DECLS

/* Exchanges with VictoriaMetrics. They block: each client belongs to one thread at a time. */
typedef struct _MusterVictoriaClient MusterVictoriaClient;

/* One line of an export; FALSE ends it, without an error. */
typedef gboolean (*MusterVictoriaLineFunc) (const char *line, gsize length, gpointer user_data);

/* CONFIG must outlive it. NULL where its certificate authority cannot be read. */
MusterVictoriaClient *muster_victoria_client_new (const MusterVictoriaConfig *config,
                                                  GError                    **error);
void                  muster_victoria_client_free (MusterVictoriaClient *self);
/* Sends LINES of the JSON form. TRUE: taken, though not on disk yet. */
gboolean muster_victoria_client_import (MusterVictoriaClient *self,
                                        GBytes               *lines,
                                        GCancellable         *cancellable,
                                        GError              **error);
/* All samples of the series that match one of SELECTORS, both ends included, in milliseconds. */
gboolean muster_victoria_client_export (MusterVictoriaClient  *self,
                                        const char *const     *selectors,
                                        gint64                 from,
                                        gint64                 to,
                                        MusterVictoriaLineFunc func,
                                        gpointer               user_data,
                                        GCancellable          *cancellable,
                                        GError               **error);
/* Deletes the series that match. */
gboolean muster_victoria_client_delete (MusterVictoriaClient *self,
                                        const char           *selector,
                                        GCancellable         *cancellable,
                                        GError              **error);
/* Lets what was taken be seen at once. FALSE where the server does not do that. */
gboolean muster_victoria_client_flush (MusterVictoriaClient *self, GCancellable *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterVictoriaClient, muster_victoria_client_free)

G_END_DECLS
