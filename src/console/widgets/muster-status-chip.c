/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-status-chip"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-status-chip.h"

/* How one value of an enumeration looks; the word is the enumeration's own. */
typedef struct
{
  const char *tone;
  const char *icon_name;
} Look;

static const Look statuses[] = {
  [MUSTER_DEVICE_STATUS_IN_STOCK] = { "neutral", "muster-square-symbolic" },
  [MUSTER_DEVICE_STATUS_RESERVED] = { "accent", "muster-ring-symbolic" },
  [MUSTER_DEVICE_STATUS_SOLD] = { "accent", "muster-diamond-symbolic" },
  [MUSTER_DEVICE_STATUS_DEPLOYED] = { "success", "muster-online-symbolic" },
  [MUSTER_DEVICE_STATUS_MAINTENANCE] = { "warning", "muster-triangle-symbolic" },
  [MUSTER_DEVICE_STATUS_DEFECTIVE] = { "error", "muster-cross-symbolic" },
  [MUSTER_DEVICE_STATUS_RETIRED] = { "neutral", "muster-unknown-symbolic" },
};

static const Look live_states[] = {
  [MUSTER_LIVE_UNKNOWN] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_LIVE_ONLINE] = { "success", "muster-online-symbolic" },
  [MUSTER_LIVE_OFFLINE] = { "error", "muster-offline-symbolic" },
};

static const Look adoptions[] = {
  [MUSTER_ADOPTION_NONE] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_ADOPTION_PAIRING] = { "warning", "muster-ring-symbolic" },
  [MUSTER_ADOPTION_ADOPTED] = { "success", "muster-online-symbolic" },
  [MUSTER_ADOPTION_RELEASED] = { "neutral", "muster-cross-symbolic" },
};

static const Look candidate_states[] = {
  [MUSTER_CANDIDATE_NEW] = { "accent", "muster-diamond-symbolic" },
  [MUSTER_CANDIDATE_EXPECTED] = { "accent", "muster-online-symbolic" },
  [MUSTER_CANDIDATE_KNOWN] = { "neutral", "muster-square-symbolic" },
  [MUSTER_CANDIDATE_ADOPTED] = { "success", "muster-online-symbolic" },
  [MUSTER_CANDIDATE_IGNORED] = { "neutral", "muster-cross-symbolic" },
};

static const Look command_states[] = {
  [MUSTER_COMMAND_PENDING] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_COMMAND_SENT] = { "accent", "muster-ring-symbolic" },
  [MUSTER_COMMAND_CONFIRMED] = { "success", "muster-online-symbolic" },
  [MUSTER_COMMAND_FAILED] = { "error", "muster-cross-symbolic" },
  [MUSTER_COMMAND_TIMED_OUT] = { "warning", "muster-triangle-symbolic" },
};

static const Look severities[] = {
  { "neutral", "muster-ring-symbolic" },
  { "warning", "muster-triangle-symbolic" },
  { "error", "muster-diamond-symbolic" },
};

static const Look order_statuses[] = {
  [MUSTER_ORDER_STATUS_PENDING] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_ORDER_STATUS_CONFIRMED] = { "accent", "muster-ring-symbolic" },
  [MUSTER_ORDER_STATUS_PROCESSING] = { "accent", "muster-square-symbolic" },
  [MUSTER_ORDER_STATUS_SHIPPED] = { "accent", "muster-diamond-symbolic" },
  [MUSTER_ORDER_STATUS_DELIVERED] = { "success", "muster-online-symbolic" },
  [MUSTER_ORDER_STATUS_CANCELLED] = { "neutral", "muster-cross-symbolic" },
};

static const Look delivery_statuses[] = {
  [MUSTER_DELIVERY_STATUS_PENDING] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_DELIVERY_STATUS_SHIPPED] = { "accent", "muster-ring-symbolic" },
  [MUSTER_DELIVERY_STATUS_IN_TRANSIT] = { "accent", "muster-diamond-symbolic" },
  [MUSTER_DELIVERY_STATUS_DELIVERED] = { "success", "muster-online-symbolic" },
  [MUSTER_DELIVERY_STATUS_FAILED] = { "error", "muster-cross-symbolic" },
  [MUSTER_DELIVERY_STATUS_RETURNED] = { "warning", "muster-triangle-symbolic" },
};

static const Look issue_statuses[] = {
  { "warning", "muster-triangle-symbolic" },
  { "success", "muster-online-symbolic" },
};

static const Look stocktake_statuses[] = {
  [MUSTER_STOCKTAKE_STATUS_COUNTING] = { "accent", "muster-ring-symbolic" },
  [MUSTER_STOCKTAKE_STATUS_APPLIED] = { "success", "muster-online-symbolic" },
  [MUSTER_STOCKTAKE_STATUS_CANCELLED] = { "neutral", "muster-cross-symbolic" },
};

static const Look count_results[] = {
  [MUSTER_COUNT_RESULT_EXPECTED] = { "success", "muster-online-symbolic" },
  [MUSTER_COUNT_RESULT_MISSING] = { "error", "muster-cross-symbolic" },
  [MUSTER_COUNT_RESULT_EXTRA] = { "warning", "muster-diamond-symbolic" },
  [MUSTER_COUNT_RESULT_MOVED] = { "accent", "muster-triangle-symbolic" },
  [MUSTER_COUNT_RESULT_UNKNOWN] = { "warning", "muster-unknown-symbolic" },
};

static const Look job_statuses[] = {
  [MUSTER_JOB_STATUS_QUEUED] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_JOB_STATUS_RUNNING] = { "accent", "muster-ring-symbolic" },
  [MUSTER_JOB_STATUS_PAUSED] = { "warning", "muster-triangle-symbolic" },
  [MUSTER_JOB_STATUS_DONE] = { "success", "muster-online-symbolic" },
  [MUSTER_JOB_STATUS_FAILED] = { "error", "muster-cross-symbolic" },
  [MUSTER_JOB_STATUS_CANCELLED] = { "neutral", "muster-cross-symbolic" },
};

static const Look alert_statuses[] = {
  [MUSTER_ALERT_STATUS_OPEN] = { "accent", "muster-ring-symbolic" },
  [MUSTER_ALERT_STATUS_ACKNOWLEDGED] = { "neutral", "muster-square-symbolic" },
  [MUSTER_ALERT_STATUS_RESOLVED] = { "success", "muster-online-symbolic" },
};

static const Look notification_statuses[] = {
  [MUSTER_NOTIFICATION_QUEUED] = { "accent", "muster-ring-symbolic" },
  [MUSTER_NOTIFICATION_SENT] = { "success", "muster-online-symbolic" },
  [MUSTER_NOTIFICATION_FAILED] = { "error", "muster-cross-symbolic" },
  [MUSTER_NOTIFICATION_DROPPED] = { "neutral", "muster-unknown-symbolic" },
};

static const Look artifact_statuses[] = {
  [MUSTER_ARTIFACT_DRAFT] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_ARTIFACT_READY] = { "success", "muster-online-symbolic" },
  [MUSTER_ARTIFACT_WITHDRAWN] = { "neutral", "muster-cross-symbolic" },
};

static const Look artifact_trusts[] = {
  [MUSTER_TRUST_UNSIGNED] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_TRUST_SIGNED] = { "success", "muster-online-symbolic" },
  [MUSTER_TRUST_FOREIGN] = { "warning", "muster-triangle-symbolic" },
  [MUSTER_TRUST_REVOKED] = { "error", "muster-cross-symbolic" },
};

static const Look update_statuses[] = {
  [MUSTER_UPDATE_WAITING] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_UPDATE_RUNNING] = { "accent", "muster-ring-symbolic" },
  [MUSTER_UPDATE_CANCELLING] = { "warning", "muster-ring-symbolic" },
  [MUSTER_UPDATE_CONFIRMED] = { "success", "muster-online-symbolic" },
  [MUSTER_UPDATE_FAILED] = { "error", "muster-cross-symbolic" },
  [MUSTER_UPDATE_REVERTED] = { "error", "muster-triangle-symbolic" },
  [MUSTER_UPDATE_CANCELLED] = { "neutral", "muster-cross-symbolic" },
};

static const Look rollout_statuses[] = {
  [MUSTER_ROLLOUT_DRAFT] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_ROLLOUT_APPROVAL] = { "warning", "muster-diamond-symbolic" },
  [MUSTER_ROLLOUT_SCHEDULED] = { "accent", "muster-square-symbolic" },
  [MUSTER_ROLLOUT_RUNNING] = { "accent", "muster-ring-symbolic" },
  [MUSTER_ROLLOUT_PAUSED] = { "warning", "muster-triangle-symbolic" },
  [MUSTER_ROLLOUT_FINISHED] = { "success", "muster-online-symbolic" },
  [MUSTER_ROLLOUT_CANCELLED] = { "neutral", "muster-cross-symbolic" },
};

static const Look rollout_group_statuses[] = {
  [MUSTER_ROLLOUT_GROUP_WAITING] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_ROLLOUT_GROUP_GATE] = { "warning", "muster-diamond-symbolic" },
  [MUSTER_ROLLOUT_GROUP_RUNNING] = { "accent", "muster-ring-symbolic" },
  [MUSTER_ROLLOUT_GROUP_WATCHED] = { "accent", "muster-square-symbolic" },
  [MUSTER_ROLLOUT_GROUP_DONE] = { "success", "muster-online-symbolic" },
  [MUSTER_ROLLOUT_GROUP_FAILED] = { "error", "muster-cross-symbolic" },
};

static const Look key_statuses[] = {
  [MUSTER_KEY_ACTIVE] = { "success", "muster-online-symbolic" },
  [MUSTER_KEY_REPLACED] = { "neutral", "muster-square-symbolic" },
  [MUSTER_KEY_REVOKED] = { "error", "muster-cross-symbolic" },
};

static const Look flash_batch_statuses[] = {
  [MUSTER_FLASH_BATCH_OPEN] = { "accent", "muster-ring-symbolic" },
  [MUSTER_FLASH_BATCH_FINISHED] = { "success", "muster-online-symbolic" },
  [MUSTER_FLASH_BATCH_CANCELLED] = { "neutral", "muster-cross-symbolic" },
};

static const Look flash_run_statuses[] = {
  [MUSTER_FLASH_RUN_WAITING] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_FLASH_RUN_WRITING] = { "accent", "muster-ring-symbolic" },
  [MUSTER_FLASH_RUN_VERIFYING] = { "accent", "muster-square-symbolic" },
  [MUSTER_FLASH_RUN_DONE] = { "success", "muster-online-symbolic" },
  [MUSTER_FLASH_RUN_FAILED] = { "error", "muster-cross-symbolic" },
  [MUSTER_FLASH_RUN_CANCELLED] = { "neutral", "muster-cross-symbolic" },
};

static const Look factory_batch_statuses[] = {
  [MUSTER_FACTORY_BATCH_OPEN] = { "accent", "muster-ring-symbolic" },
  [MUSTER_FACTORY_BATCH_CLOSED] = { "neutral", "muster-square-symbolic" },
};

static const Look bench_statuses[] = {
  [MUSTER_BENCH_WAITING] = { "neutral", "muster-unknown-symbolic" },
  [MUSTER_BENCH_FLASHING] = { "accent", "muster-ring-symbolic" },
  [MUSTER_BENCH_PROVISIONING] = { "accent", "muster-ring-symbolic" },
  [MUSTER_BENCH_TESTING] = { "accent", "muster-square-symbolic" },
  [MUSTER_BENCH_ASKING] = { "warning", "muster-diamond-symbolic" },
  [MUSTER_BENCH_PASSED] = { "success", "muster-online-symbolic" },
  [MUSTER_BENCH_FAILED] = { "error", "muster-cross-symbolic" },
  [MUSTER_BENCH_CANCELLED] = { "neutral", "muster-cross-symbolic" },
};

/* Which enumeration is shown how. */
static const struct
{
  const MusterEnum *enumeration;
  const Look       *looks;
  unsigned          n_looks;
} books[] = {
  { &muster_device_status_enum, statuses, G_N_ELEMENTS (statuses) },
  { &muster_live_state_enum, live_states, G_N_ELEMENTS (live_states) },
  { &muster_adoption_enum, adoptions, G_N_ELEMENTS (adoptions) },
  { &muster_candidate_state_enum, candidate_states, G_N_ELEMENTS (candidate_states) },
  { &muster_command_state_enum, command_states, G_N_ELEMENTS (command_states) },
  { &muster_severity_enum, severities, G_N_ELEMENTS (severities) },
  { &muster_order_status_enum, order_statuses, G_N_ELEMENTS (order_statuses) },
  { &muster_delivery_status_enum, delivery_statuses, G_N_ELEMENTS (delivery_statuses) },
  { &muster_issue_status_enum, issue_statuses, G_N_ELEMENTS (issue_statuses) },
  { &muster_stocktake_status_enum, stocktake_statuses, G_N_ELEMENTS (stocktake_statuses) },
  { &muster_count_result_enum, count_results, G_N_ELEMENTS (count_results) },
  { &muster_alert_status_enum, alert_statuses, G_N_ELEMENTS (alert_statuses) },
  { &muster_notification_status_enum, notification_statuses, G_N_ELEMENTS (notification_statuses) },
  { &muster_job_status_enum, job_statuses, G_N_ELEMENTS (job_statuses) },
  { &muster_artifact_status_enum, artifact_statuses, G_N_ELEMENTS (artifact_statuses) },
  { &muster_artifact_trust_enum, artifact_trusts, G_N_ELEMENTS (artifact_trusts) },
  { &muster_update_status_enum, update_statuses, G_N_ELEMENTS (update_statuses) },
  { &muster_rollout_status_enum, rollout_statuses, G_N_ELEMENTS (rollout_statuses) },
  { &muster_rollout_group_status_enum, rollout_group_statuses,
    G_N_ELEMENTS (rollout_group_statuses) },
  { &muster_key_status_enum, key_statuses, G_N_ELEMENTS (key_statuses) },
  { &muster_flash_batch_status_enum, flash_batch_statuses, G_N_ELEMENTS (flash_batch_statuses) },
  { &muster_factory_batch_status_enum, factory_batch_statuses,
    G_N_ELEMENTS (factory_batch_statuses) },
  { &muster_bench_status_enum, bench_statuses, G_N_ELEMENTS (bench_statuses) },
  { &muster_flash_run_status_enum, flash_run_statuses, G_N_ELEMENTS (flash_run_statuses) },
};

struct _MusterStatusChip
{
  GtkWidget parent_instance;

  GtkWidget *image;
  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE (MusterStatusChip, muster_status_chip, GTK_TYPE_WIDGET)

static void
muster_status_chip_dispose (GObject *object)
{
  MusterStatusChip *self = MUSTER_STATUS_CHIP (object);

  g_clear_pointer (&self->image, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (muster_status_chip_parent_class)->dispose (object);
}

static void
muster_status_chip_class_init (MusterStatusChipClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_status_chip_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "chip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
muster_status_chip_init (MusterStatusChip *self)
{
  self->image = gtk_image_new ();
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->image), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  self->label = gtk_label_new (NULL);
  gtk_widget_set_parent (self->image, GTK_WIDGET (self));
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
}

static void
show (MusterStatusChip *self,
      const MusterEnum *enumeration,
      const Look       *looks,
      unsigned          n_looks,
      int               value)
{
  const char *text, *classes[2] = { NULL };

  g_return_if_fail (MUSTER_IS_STATUS_CHIP (self));
  g_return_if_fail (value >= 0 && (unsigned)value < n_looks);

  text = muster_enum_get_label (enumeration, value);
  classes[0] = looks[value].tone;
  gtk_widget_set_css_classes (GTK_WIDGET (self), classes);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->image), looks[value].icon_name);
  gtk_label_set_label (GTK_LABEL (self->label), text != NULL ? _ (text) : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text != NULL ? _ (text) : "", -1);
}

GtkWidget *
muster_status_chip_new (void)
{
  return g_object_new (MUSTER_TYPE_STATUS_CHIP, NULL);
}

gboolean
muster_status_chip_knows (const MusterEnum *enumeration)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (books); i++)
    if (books[i].enumeration == enumeration)
      return TRUE;
  return FALSE;
}

void
muster_status_chip_set_value (MusterStatusChip *self, const MusterEnum *enumeration, int value)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (books); i++)
    if (books[i].enumeration == enumeration)
      {
        show (self, enumeration, books[i].looks, books[i].n_looks, value);
        return;
      }
  g_return_if_reached ();
}

void
muster_status_chip_set_status (MusterStatusChip *self, MusterDeviceStatus status)
{
  muster_status_chip_set_value (self, &muster_device_status_enum, status);
}

void
muster_status_chip_set_live (MusterStatusChip *self, MusterLiveState state)
{
  muster_status_chip_set_value (self, &muster_live_state_enum, state);
}

void
muster_status_chip_set_adoption (MusterStatusChip *self, MusterAdoption adoption)
{
  muster_status_chip_set_value (self, &muster_adoption_enum, adoption);
}

void
muster_status_chip_set_candidate (MusterStatusChip *self, MusterCandidateState state)
{
  muster_status_chip_set_value (self, &muster_candidate_state_enum, state);
}

void
muster_status_chip_set_command (MusterStatusChip *self, MusterCommandState state)
{
  muster_status_chip_set_value (self, &muster_command_state_enum, state);
}

void
muster_status_chip_set_severity (MusterStatusChip *self, int severity)
{
  muster_status_chip_set_value (self, &muster_severity_enum, severity);
}

void
muster_status_chip_set_can_shrink (MusterStatusChip *self, gboolean can_shrink)
{
  g_return_if_fail (MUSTER_IS_STATUS_CHIP (self));

  gtk_label_set_ellipsize (GTK_LABEL (self->label),
                           can_shrink ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
}
