package dev.tidewal.core;

/**
 * A static pair of S3 credentials, also what Google calls an HMAC key.
 *
 * @param id public half ({@code access-key-id})
 * @param secret private half ({@code secret-access-key})
 */
public record AccessKey(String id, Secret secret) {}
