/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/**
 * MusterArtifactPage:
 *
 * One piece of firmware: what it fits, what is new in it, who signed it, which devices run it, and
 * which rollouts give it to them.
 */
#define MUSTER_TYPE_ARTIFACT_PAGE (muster_artifact_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterArtifactPage, muster_artifact_page, MUSTER, ARTIFACT_PAGE, MusterPage)

MusterPage *muster_artifact_page_new (MusterSession *session, const char *artifact_id);

G_END_DECLS
