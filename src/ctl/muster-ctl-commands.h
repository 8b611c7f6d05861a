/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ctl.h"

G_BEGIN_DECLS

#define MUSTER_CTL_DECLARE(name)                                                                   \
  gboolean muster_ctl_##name##_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args,  \
                                    GError **error)

MUSTER_CTL_DECLARE (account);
MUSTER_CTL_DECLARE (adopt);
MUSTER_CTL_DECLARE (alerts);
MUSTER_CTL_DECLARE (attachments);
MUSTER_CTL_DECLARE (backup);
MUSTER_CTL_DECLARE (batches);
MUSTER_CTL_DECLARE (bulk);
MUSTER_CTL_DECLARE (channels);
MUSTER_CTL_DECLARE (command);
MUSTER_CTL_DECLARE (deliveries);
MUSTER_CTL_DECLARE (device);
MUSTER_CTL_DECLARE (devices);
MUSTER_CTL_DECLARE (discover);
MUSTER_CTL_DECLARE (duty);
MUSTER_CTL_DECLARE (escalations);
MUSTER_CTL_DECLARE (events);
MUSTER_CTL_DECLARE (expected);
MUSTER_CTL_DECLARE (export);
MUSTER_CTL_DECLARE (factory);
MUSTER_CTL_DECLARE (families);
MUSTER_CTL_DECLARE (firmware);
MUSTER_CTL_DECLARE (firmware_components);
MUSTER_CTL_DECLARE (firmware_sets);
MUSTER_CTL_DECLARE (flash);
MUSTER_CTL_DECLARE (groups);
MUSTER_CTL_DECLARE (ignore);
MUSTER_CTL_DECLARE (import);
MUSTER_CTL_DECLARE (jobs);
MUSTER_CTL_DECLARE (journal);
MUSTER_CTL_DECLARE (keys);
MUSTER_CTL_DECLARE (loans);
MUSTER_CTL_DECLARE (locations);
MUSTER_CTL_DECLARE (login);
MUSTER_CTL_DECLARE (logout);
MUSTER_CTL_DECLARE (notifications);
MUSTER_CTL_DECLARE (orders);
MUSTER_CTL_DECLARE (print);
MUSTER_CTL_DECLARE (products);
MUSTER_CTL_DECLARE (query);
MUSTER_CTL_DECLARE (release);
MUSTER_CTL_DECLARE (replace);
MUSTER_CTL_DECLARE (retention);
MUSTER_CTL_DECLARE (rollout);
MUSTER_CTL_DECLARE (samples);
MUSTER_CTL_DECLARE (scan);
MUSTER_CTL_DECLARE (search);
MUSTER_CTL_DECLARE (series);
MUSTER_CTL_DECLARE (settings);
MUSTER_CTL_DECLARE (signing);
MUSTER_CTL_DECLARE (status);
MUSTER_CTL_DECLARE (stock);
MUSTER_CTL_DECLARE (stocktake);
MUSTER_CTL_DECLARE (telemetry);
MUSTER_CTL_DECLARE (token);
MUSTER_CTL_DECLARE (undo);
MUSTER_CTL_DECLARE (targets);
MUSTER_CTL_DECLARE (test_plan);
MUSTER_CTL_DECLARE (updates);
MUSTER_CTL_DECLARE (users);
MUSTER_CTL_DECLARE (views);
MUSTER_CTL_DECLARE (watch);
MUSTER_CTL_DECLARE (whoami);

/* The evaluations of OBJECT (taken) as a table. */
gboolean muster_ctl_show_evaluations (MusterCtl *ctl, JsonObject *object);

/* `musterctl alerts rules …` and `alerts silences …`: ARGS begins with that word. */
gboolean muster_ctl_alert_rules_run (MusterCtl              *ctl,
                                     const MusterCtlCommand *command,
                                     char                  **args,
                                     GError                **error);
gboolean muster_ctl_alert_silences_run (MusterCtl              *ctl,
                                        const MusterCtlCommand *command,
                                        char                  **args,
                                        GError                **error);

/* `musterctl journal operations` and `verify`: ARGS begins with "journal". */
gboolean muster_ctl_history_run (MusterCtl              *ctl,
                                 const MusterCtlCommand *command,
                                 char                  **args,
                                 GError                **error);
gboolean muster_ctl_marks_run (MusterCtl              *ctl,
                               const MusterCtlCommand *command,
                               char                  **args,
                               GError                **error);
gboolean muster_ctl_as_of_run (MusterCtl              *ctl,
                               const MusterCtlCommand *command,
                               char                  **args,
                               GError                **error);
gboolean muster_ctl_verify_run (MusterCtl              *ctl,
                                const MusterCtlCommand *command,
                                char                  **args,
                                GError                **error);

/* The words that may stand where `musterctl --complete WORD…` leaves off, one a line; never fails.
 */
void muster_ctl_complete (MusterCtl *ctl, char **words);

G_END_DECLS
