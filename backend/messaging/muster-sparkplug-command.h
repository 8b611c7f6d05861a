/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-sparkplug-session.h"

G_BEGIN_DECLS

/* Commands that wait for their confirmation. The protocol acknowledges none: a node confirms by
 * reporting what was written, or, when told to start anew, by its birth. */
typedef struct _MusterSparkplugCommands MusterSparkplugCommands;

MusterSparkplugCommands *muster_sparkplug_commands_new (void);
void                     muster_sparkplug_commands_free (MusterSparkplugCommands *self);
/* Resolves to TRUE at the confirmation; rejects after TIMEOUT microseconds, or when the node dies.
 * EXPECTED NULL: its next birth confirms. */
DexFuture *muster_sparkplug_commands_add (MusterSparkplugCommands     *self,
                                          const MusterSparkplugSource *source,
                                          const char                  *metric,
                                          const MusterSample          *expected,
                                          gint64                       timeout);
void       muster_sparkplug_commands_note_data (MusterSparkplugCommands     *self,
                                                const MusterSparkplugSource *source,
                                                const MusterSample          *samples,
                                                unsigned                     n_samples);
void       muster_sparkplug_commands_note_birth (MusterSparkplugCommands     *self,
                                                 const MusterSparkplugSource *source);
void       muster_sparkplug_commands_note_death (MusterSparkplugCommands     *self,
                                                 const MusterSparkplugSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSparkplugCommands, muster_sparkplug_commands_free)

G_END_DECLS
