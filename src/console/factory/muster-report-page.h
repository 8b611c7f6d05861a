/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* A board that was made or tested: its steps with what was measured, and what can be done with it
 * now. */
#define MUSTER_TYPE_REPORT_PAGE (muster_report_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterReportPage, muster_report_page, MUSTER, REPORT_PAGE, MusterPage)

/* ID: of a MusterFactoryUnit, or of a MusterTestRun. */
MusterPage *muster_report_page_new_for_unit (MusterSession *session, const char *id);
MusterPage *muster_report_page_new_for_run (MusterSession *session, const char *id);

G_END_DECLS
