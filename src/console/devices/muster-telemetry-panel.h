/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterTelemetryPanel:
 *
 * What a device measures: a live chart for each unit of the chosen metrics, all moving together,
 * and the list of metrics with their controls.
 *
 * Signal `heard`: samples have come in just now.
 */
#define MUSTER_TYPE_TELEMETRY_PANEL (muster_telemetry_panel_get_type ())
G_DECLARE_FINAL_TYPE (MusterTelemetryPanel, muster_telemetry_panel, MUSTER, TELEMETRY_PANEL, GtkBox)

/* To be called once. */
void muster_telemetry_panel_open (MusterTelemetryPanel *self,
                                  MusterSession        *session,
                                  const char           *device_id);
void muster_telemetry_panel_refresh (MusterTelemetryPanel *self);
/* An entry of the journal about a command of the device. */
void muster_telemetry_panel_command_changed (MusterTelemetryPanel *self,
                                             const char           *command_id,
                                             int                   state);

G_END_DECLS
