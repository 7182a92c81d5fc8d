package dev.thumbnet;

/**
 * How likely a picture is to show a class.
 *
 * @param className name of the class
 * @param probability from 0 to 1; those of all classes add up to 1
 */
public record Prediction(String className, double probability) {}
