/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-firmware-artifact.h"

G_BEGIN_DECLS

/* What firmware fits, for a person. All (transfer full). */

/* "TH-10, TH-20"; "Any" where it does not tell. */
char *muster_artifact_describe_models (MusterEntity *artifact);
/* "1 to 3", "From 2", "Any". */
char *muster_artifact_describe_hardware (MusterEntity *artifact);
/* "Over 1.0.0 and newer, and over newer ones": what it may be installed over. */
char *muster_artifact_describe_versions (MusterEntity *artifact);
/* How devices fetch only what differs from what they run; NULL where they fetch all of it. */
char *muster_artifact_describe_difference (MusterEntity *artifact);
/* "TH-10, TH-20" to a JSON array, NULL where nothing is in TEXT. */
char *muster_artifact_models_to_json (const char *text);

G_END_DECLS
