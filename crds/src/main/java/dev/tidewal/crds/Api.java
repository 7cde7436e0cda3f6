package dev.tidewal.crds;

/** Names that pods, people and the operator share. */
public final class Api {
  public static final String GROUP = "tidewal.dev";
  public static final String VERSION = "v1alpha1";

  private Api() {}
}
