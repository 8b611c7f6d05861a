/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-node.h"

G_BEGIN_DECLS

/* What the command lines of muster-node and muster-fleet have in common. */
typedef struct _MusterNodeOptions MusterNodeOptions;

MusterNodeOptions *muster_node_options_new (const char         *program,
                                            const char         *parameters,
                                            const GOptionEntry *entries);
void               muster_node_options_free (MusterNodeOptions *self);

gboolean muster_node_options_parse (MusterNodeOptions *self,
                                    int               *argc,
                                    char            ***argv,
                                    GError           **error);

/* Valid after parse(); a program may add to them what it has options of its own for. */
MusterNodeSettings *muster_node_options_get_settings (MusterNodeOptions *self);

/* The serial number that the state directory remembers, or a new one. */
char *muster_node_options_get_serial (MusterNodeOptions *self);

/* Gives the node the `index`th account of --adopted-by, if that was given. */
gboolean muster_node_options_adopt (MusterNodeOptions *self,
                                    MusterNode        *node,
                                    guint              index,
                                    GError           **error);

/* Runs until SIGTERM or SIGINT. */
void muster_node_options_run (MusterNodeOptions *self, GMainLoop *loop);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeOptions, muster_node_options_free)

G_END_DECLS
